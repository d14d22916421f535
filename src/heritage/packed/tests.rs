//! What is packed comes back, and nothing hostile is believed.

use super::*;
use proptest::prelude::*;

/// A wall of `columns` × `rows` oblongs with a window of colour, as flat shading has it: four vertices each.
fn wall(columns: u32, rows: u32) -> Part {
    let mut part = Part {
        name: "wall-东".to_owned(),
        material: "plaster".to_owned(),
        certainty: Certainty::Rebuilt,
        era: Some(Era::Y1935),
        goes_on: false,
        positions: Vec::new(),
        normals: Vec::new(),
        uvs: Vec::new(),
        colours: Vec::new(),
        indices: Vec::new(),
    };
    for (column, row) in (0..columns).flat_map(|column| (0..rows).map(move |row| (column, row))) {
        let first = part.positions.len() as u32;
        for [across, up] in [[0, 0], [1, 0], [1, 1], [0, 1]] {
            let [x, y] = [(column + across) as f32 * 1.37, (row + up) as f32 * 0.61];
            part.positions.push([x - 40.0, y + 3.0, -12.25]);
            part.normals.push([0.0, 0.0, 1.0]);
            part.uvs.push([x / 2.0, y / 2.0]);
            part.colours.push([200, 190, (column * 7) as u8, 255]);
        }
        part.indices.extend([0, 1, 2, 0, 2, 3].map(|corner| first + corner));
    }
    part
}

fn model() -> Model {
    let sill = Part { goes_on: true, era: None, certainty: Certainty::Attested, ..wall(3, 1) };
    Model { parts: vec![wall(5, 4), sill] }
}

#[track_caller]
fn near(read: &[f32], meant: &[f32], within: f32) {
    for (read, meant) in read.iter().zip(meant) {
        assert!((read - meant).abs() <= within, "{read} for {meant}");
    }
}

#[test]
fn a_model_comes_back_as_it_was_within_half_a_step() {
    let meant = model();
    let read = Model::unpack(&meant.pack()).expect("unpacked");
    assert_eq!(read.parts.len(), 2);
    for (read, meant) in read.parts.iter().zip(&meant.parts) {
        let words = |part: &Part| (part.name.clone(), part.material.clone(), part.certainty, part.era, part.goes_on);
        assert_eq!(words(read), words(meant));
        assert_eq!((&read.indices, &read.colours), (&meant.indices, &meant.colours));
        near(read.positions.as_flattened(), meant.positions.as_flattened(), 0.000_51);
        near(read.uvs.as_flattened(), meant.uvs.as_flattened(), 0.000_25);
        near(read.normals.as_flattened(), meant.normals.as_flattened(), 0.02);
    }
    assert_eq!(Model::unpack(&Model::default().pack()), Ok(Model::default()));
}

#[test]
fn pieces_that_touch_still_touch() {
    let mut far = wall(1, 1);
    far.positions.iter_mut().for_each(|at| at[0] += 911.0);
    let (mut left, mut right) = (wall(1, 1), wall(1, 1));
    left.positions[2] = [17.123_456, 0.1, 3.3];
    right.positions[0] = left.positions[2];
    let read = Model::unpack(&Model { parts: vec![left, right, far] }.pack()).expect("unpacked");
    let corner = |part: usize, vertex: usize| read.parts[part].positions[vertex].map(f32::to_bits);
    assert_eq!(corner(0, 2), corner(1, 0));
}

#[test]
fn a_rectangle_says_its_fourth_corner_in_a_byte_an_axis() {
    let grow = |columns| Model { parts: vec![wall(columns, 1)] }.pack().len();
    // 6 indices, 4 × (3 places, 2 normals, 2 uvs, 1 colour), 4 for a new colour: 42, and a second byte for 8 large steps.
    assert!(grow(12) - grow(11) <= 50, "{}", grow(12) - grow(11));
}

#[test]
fn vertices_that_no_triangle_uses_are_left_out() {
    let mut part = wall(2, 1);
    part.indices.truncate(3);
    let read = Model::unpack(&Model { parts: vec![part] }.pack()).expect("unpacked");
    assert_eq!((read.parts[0].positions.len(), &read.parts[0].indices), (3, &vec![0, 1, 2]));
}

#[test]
fn a_file_cut_anywhere_is_told() {
    let whole = model().pack();
    for end in 0..whole.len() {
        assert!(Model::unpack(&whole[..end]).is_err(), "cut at {end}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert_eq!(Model::unpack(&longer), Err(Unpackable::Broken));
    assert_eq!(Model::unpack(b"glTF"), Err(Unpackable::Unknown));
}

#[test]
fn more_vertices_than_triangles_use_are_refused() {
    let file = |vertices: u8| {
        let mut file = MAGIC.to_vec();
        file.extend([0.0f32, 0.0, 0.0, 1.0].iter().flat_map(|value| value.to_le_bytes()));
        // One part: words, three indices over so many vertices, all of them the first.
        file.extend([1, 0, 0, 0, 0, 0, 3, vertices, 0, 1, 1]);
        file.extend([0, 0, 0]);
        file.extend(vec![0; 2 * usize::from(vertices)]);
        file.extend([0, 0, 1, 9, 9, 9, 9]);
        file.extend(vec![0; usize::from(vertices)]);
        file
    };
    assert!(Model::unpack(&file(1)).is_ok());
    assert_eq!(Model::unpack(&file(2)), Err(Unpackable::Broken));
}

proptest! {
    #[test]
    fn every_direction_comes_back_within_a_degree(x in -1.0f32..1.0, y in -1.0f32..1.0, z in -1.0f32..1.0) {
        let long = (x * x + y * y + z * z).sqrt();
        prop_assume!(long > 0.01);
        let meant = [x / long, y / long, z / long];
        let read = unfolded(folded(meant));
        let cosine: f32 = read.iter().zip(meant).map(|(a, b)| a * b).sum();
        prop_assert!(cosine > 0.999_8, "{meant:?} came back as {read:?}");
    }

    #[test]
    fn a_garbled_file_never_panics_and_names_no_vertex_that_is_not_there(at in 0usize..4096, byte: u8, more in proptest::collection::vec(any::<u8>(), 0..40)) {
        let mut file = model().pack();
        let at = at % file.len();
        file[at] = byte;
        file.splice(at..(at + more.len() / 2).min(file.len()), more);
        if let Ok(read) = Model::unpack(&file) {
            for part in &read.parts {
                prop_assert!(part.indices.iter().all(|index| (*index as usize) < part.positions.len()));
                let counts = [part.normals.len(), part.uvs.len(), part.colours.len()];
                prop_assert_eq!(counts, [part.positions.len(); 3]);
            }
        }
    }

    #[test]
    fn every_number_is_read_as_it_was_written(off: i32) {
        let mut file = Vec::new();
        put_number(&mut file, unsigned(off));
        prop_assert_eq!(Cursor(&file).number().map(signed), Ok(off));
    }
}
