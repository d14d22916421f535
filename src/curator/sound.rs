//! Sound: how long a narration is, how loud, and how near to clipping, measured from its file. Knows nothing of what is said.
//!
//! Native only, and only the curator's: browsers decode with their own decoders.

use ebur128::{EbuR128, Mode};
use std::io::Cursor;
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

/// What a clip measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// Length, seconds: of the samples that are there, whatever the head says.
    pub secs: f64,
    /// Integrated loudness, LUFS (EBU R 128); minus infinity for silence.
    pub loudness_lufs: f64,
    /// True peak over all channels, dBTP (ITU-R BS.1770, four times oversampled).
    pub peak_dbtp: f64,
}

/// Measures an Ogg Vorbis file.
///
/// # Errors
/// A sentence, where the file is no Ogg Vorbis or breaks off within a packet.
pub fn hear(ogg: &[u8]) -> Result<Heard, String> {
    if !ogg.starts_with(b"OggS") {
        return Err("this is no Ogg file".to_owned());
    }
    measure(ogg).map_err(|why| format!("this sound cannot be decoded: {why}"))
}

fn measure(ogg: &[u8]) -> Result<Heard, Box<dyn std::error::Error>> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(ogg.to_vec())), MediaSourceStreamOptions::default());
    let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
    let mut reader = symphonia::default::get_probe().probe(&Hint::new(), stream, format, metadata)?;
    let track = reader.default_track(TrackType::Audio).ok_or("it holds no sound")?;
    let params = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or("its codec is not told")?;
    let mut decoder = symphonia::default::get_codecs().make_audio_decoder(params, &AudioDecoderOptions::default())?;
    let hz = params.sample_rate.ok_or("its sample rate is not told")?;
    let channels = u32::try_from(params.channels.as_ref().map_or(0, Channels::count))?;
    let mut meter = EbuR128::new(channels, hz, Mode::I | Mode::TRUE_PEAK)?;
    let (mut samples, mut frames) = (Vec::new(), 0_u64);
    loop {
        let packet = match reader.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(Error::IoError(why)) if why.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(why) => return Err(why.into()),
        };
        let heard = decoder.decode(&packet)?;
        samples.resize(heard.samples_interleaved(), 0.0_f32);
        heard.copy_to_slice_interleaved(&mut samples);
        frames += samples.len() as u64 / u64::from(channels);
        meter.add_frames_f32(&samples)?;
    }
    let peaks = (0..channels).map(|channel| meter.true_peak(channel)).collect::<Result<Vec<f64>, _>>()?;
    Ok(Heard {
        secs: frames as f64 / f64::from(hz),
        loudness_lufs: meter.loudness_global()?,
        peak_dbtp: 20.0 * peaks.into_iter().fold(0.0, f64::max).log10(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{LOUD, TONE};

    #[test]
    fn a_clip_measures_what_it_was_made_to() {
        let heard = hear(TONE).expect("decoded");
        assert!((heard.secs - 48.0).abs() < 0.01, "{heard:?}");
        assert!((heard.loudness_lufs + 18.0).abs() < 0.2, "{heard:?}");
        assert!(heard.peak_dbtp < -10.0, "{heard:?}");
        let heard = hear(LOUD).expect("decoded");
        assert!(heard.loudness_lufs > -5.0 && heard.peak_dbtp > -1.0, "{heard:?}");
    }

    #[test]
    fn what_is_no_sound_says_so_and_stops_nothing() {
        for spoiled in [&b""[..], b"OggS", b"<html>", &TONE[..2000]] {
            let heard = hear(spoiled);
            assert!(heard.as_ref().is_err() || heard.as_ref().is_ok_and(|heard| heard.secs < 10.0), "{heard:?}");
        }
        let mut torn = TONE.to_vec();
        torn[4000..4400].fill(0x55);
        let heard = hear(&torn);
        assert!(heard.is_err() || heard.is_ok_and(|heard| heard.secs < 48.0));
    }
}
