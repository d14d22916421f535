//! Lettering in the browser: Canvas 2D, aside from the page, with the fonts of the system.

use super::picture::{Held, keep};
use crate::platform::lettering::{Fill, Style, Words};
use js_sys::Reflect;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::ImageBitmap;

#[wasm_bindgen]
extern "C" {
    /// Bound here because every added feature of `web-sys` has the whole engine compiled again.
    type OffscreenCanvas;
    #[wasm_bindgen(constructor, catch)]
    fn new(width: u32, height: u32) -> Result<OffscreenCanvas, JsValue>;
    #[wasm_bindgen(method, js_name = getContext)]
    fn get_context(this: &OffscreenCanvas, kind: &str) -> Option<Brush>;
    #[wasm_bindgen(method, catch, js_name = transferToImageBitmap)]
    fn transfer(this: &OffscreenCanvas) -> Result<ImageBitmap, JsValue>;

    /// A two-dimensional drawing context.
    type Brush;
    #[wasm_bindgen(method, setter)]
    fn set_font(this: &Brush, font: &str);
    #[wasm_bindgen(method, setter, js_name = fillStyle)]
    fn set_colour(this: &Brush, colour: &str);
    #[wasm_bindgen(method, js_name = fillText)]
    fn fill_text(this: &Brush, text: &str, x: f32, y: f32);
    #[wasm_bindgen(method, js_name = measureText)]
    fn measure_text(this: &Brush, text: &str) -> JsValue;
    #[wasm_bindgen(method, js_name = fillRect)]
    fn fill_rect(this: &Brush, x: f32, y: f32, width: f32, height: f32);
    #[wasm_bindgen(method, js_name = beginPath)]
    fn begin_path(this: &Brush);
    #[wasm_bindgen(method)]
    fn arc(this: &Brush, x: f32, y: f32, radius: f32, from: f32, to: f32);
    #[wasm_bindgen(method)]
    fn fill(this: &Brush);
}

/// The page's own faces: Song for heads, Hei for reading.
const HEAD: &str = "'Songti SC','Noto Serif SC','Noto Serif CJK SC','Source Han Serif SC',SimSun,serif";
const BODY: &str = "'PingFang SC','HarmonyOS Sans SC','Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif";

thread_local! {
    /// What text is measured with.
    static RULE: RefCell<Option<Brush>> = const { RefCell::new(None) };
}

fn font(style: Style) -> String {
    let face = if style.is_head { HEAD } else { BODY };
    format!("{}px {face}", style.size_px)
}

fn css([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// How wide a text comes out.
pub(crate) fn width_px(text: &str, style: Style) -> f32 {
    RULE.with_borrow_mut(|rule| {
        if rule.is_none() {
            *rule = OffscreenCanvas::new(1, 1).ok().and_then(|canvas| canvas.get_context("2d"));
        }
        let Some(rule) = rule else { return 0.0 };
        rule.set_font(&font(style));
        let measured = Reflect::get(&rule.measure_text(text), &"width".into());
        measured.ok().and_then(|width| width.as_f64()).unwrap_or(0.0) as f32
    })
}

/// Draws boxes, then text over them; `None` where the browser cannot.
pub(crate) fn letter([width, height]: [u32; 2], fills: &[Fill], words: &[Words]) -> Option<Held> {
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    let brush = canvas.get_context("2d")?;
    for Fill { place_px: [x, y, w, h], round_px, colour } in fills.iter().copied() {
        brush.set_colour(&css(colour));
        let r = round_px.min(w / 2.0).min(h / 2.0);
        brush.fill_rect(x + r, y, w - 2.0 * r, h);
        brush.fill_rect(x, y + r, w, h - 2.0 * r);
        for (x, y) in [(x + r, y + r), (x + w - r, y + r), (x + w - r, y + h - r), (x + r, y + h - r)] {
            brush.begin_path();
            brush.arc(x, y, r, 0.0, std::f32::consts::TAU);
            brush.fill();
        }
    }
    for Words { text, at_px: [x, y], style, colour } in words {
        brush.set_font(&font(*style));
        brush.set_colour(&css(*colour));
        brush.fill_text(text, *x, *y);
    }
    canvas.transfer().ok().map(keep)
}
