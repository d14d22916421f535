//! What of a GLB file reaches the visitor, and what is refused.

use super::*;
use crate::fixture::glb;

fn packed(extras: &str) -> Model {
    one(&glb(extras, "")).expect("packed")
}

#[test]
fn a_part_keeps_its_name_material_and_geometry() {
    let model = packed(r#"{"certainty":"restored","source":"book","era":"1935"}"#);
    let [part] = model.parts.as_slice() else { panic!("one part") };
    assert_eq!((part.name.as_str(), part.material.as_str()), ("plank", "timber"));
    assert_eq!((part.certainty, part.era), (Certainty::Restored, Some(Era::Y1935)));
    assert_eq!((part.positions.len(), &part.indices), (3, &vec![0, 1, 2]));
    assert_eq!((part.positions[1], part.colours[1]), ([2.0, 0.0, 0.0], [255, 128, 0, 64]));
}

#[test]
fn an_untagged_or_garbled_part_is_conjecture() {
    for extras in ["null", "{}", "[1]", r#"{"certainty":"sure","era":7}"#] {
        let part = packed(extras).parts.remove(0);
        assert_eq!((part.certainty, part.era), (Certainty::Conjecture, None), "{extras}");
    }
}

#[test]
fn what_cannot_be_packed_says_why() {
    let sound = String::from_utf8_lossy(&glb("{}", "")).into_owned();
    assert!(sound.contains("\"COLOR_0\":3"), "{sound}");
    // The same length, so that the header stays true.
    let changed = |from: &str, to: &str| {
        let (file, at) = (glb("{}", ""), sound.find(from).expect("it is there"));
        assert_eq!(from.len(), to.len());
        [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat()
    };
    let fault = |file: Vec<u8>| one(&file).expect_err("refused");
    assert!(fault(changed("COLOR_0", "COLOR_1")).contains("plank has no vertex colours"));
    assert!(fault(changed("\"scale\":[1,1,1]", "\"scale\":[1,2,1]")).contains("plank is moved, turned or scaled"));
    assert!(fault(changed("\"mode\":4", "\"mode\":1")).contains("not made of triangles"));
    assert!(fault(b"glTF".to_vec()).contains("its geometry cannot be read"));
    for end in 0..glb("{}", "").len() {
        assert!(one(&glb("{}", "")[..end]).is_err(), "cut at {end}");
    }
}
