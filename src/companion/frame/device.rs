//! Device: the graphics card, the canvas as it is drawn on, and what a picture is drawn into before it is shown.

use crate::platform::drawing;
use bevy::prelude::*;
use bevy::window::RawHandleWrapper;
use std::sync::{Arc, Mutex, PoisonError};

/// Depth of every pixel, nearest is 1: a float keeps its precision far away only that way round.
pub(super) const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// Why nothing can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no graphics interface that will do.
    Unsupported(String),
    /// The graphics card's memory is full.
    OutOfMemory,
    /// The context was taken away.
    Lost(String),
    /// A fault of the program or the driver.
    Fault(String),
}

/// The first trouble there was, told by callbacks of the graphics interface.
pub(super) type Told = Arc<Mutex<Option<Trouble>>>;

/// The graphics card and the canvas.
#[derive(Resource)]
pub(super) struct Gpu {
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    surface: wgpu::Surface<'static>,
    config: wgpu::SurfaceConfiguration,
    targets: Option<Targets>,
    pub trouble: Told,
}

/// What is drawn into before it is put on the canvas; made anew when the size or the smoothing changes.
struct Targets {
    samples: u32,
    size_px: UVec2,
    /// Several samples a pixel; with one alone the canvas itself is drawn into.
    colour: Option<wgpu::TextureView>,
    depth: wgpu::TextureView,
}

/// One picture on its way to the canvas.
pub(super) struct Picture<'a> {
    shown: wgpu::SurfaceTexture,
    view: wgpu::TextureView,
    targets: &'a Targets,
    pub encoder: wgpu::CommandEncoder,
}

impl Gpu {
    /// Takes hold of the graphics card that draws on this window; `None` where the window is not there yet.
    pub(super) fn open(window: Option<&RawHandleWrapper>) -> Option<Result<Self, Trouble>> {
        let descriptor = wgpu::InstanceDescriptor {
            backends: drawing::BACKENDS,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        };
        let instance = wgpu::Instance::new(descriptor);
        let surface = drawing::surface(&instance, window)?;
        Some(surface.map_err(Trouble::Unsupported).and_then(|surface| Self::with(&instance, surface)))
    }

    fn with(instance: &wgpu::Instance, surface: wgpu::Surface<'static>) -> Result<Self, Trouble> {
        let wanted = wgpu::RequestAdapterOptions { compatible_surface: Some(&surface), ..default() };
        let adapter = drawing::wait(instance.request_adapter(&wanted)).map_err(Trouble::Unsupported)?;
        // What every browser with WebGL2 has, and the largest textures of this one.
        let required_limits = wgpu::Limits::downlevel_webgl2_defaults().using_resolution(adapter.limits());
        let descriptor = wgpu::DeviceDescriptor { required_limits, ..default() };
        let (device, queue) = drawing::wait(adapter.request_device(&descriptor)).map_err(Trouble::Unsupported)?;
        let mut config = surface
            .get_default_config(&adapter, 1, 1)
            .ok_or_else(|| Trouble::Unsupported("the canvas takes no format".to_owned()))?;
        config.format = config.format.add_srgb_suffix();
        config.view_formats.clear();
        let trouble = Told::default();
        listen(&device, &trouble);
        Ok(Self { device, queue, surface, config, targets: None, trouble })
    }

    /// Format of what is shown.
    pub(super) fn format(&self) -> wgpu::TextureFormat {
        self.config.format
    }

    /// Begins a picture of this size; `None` where the canvas cannot take one now.
    pub(super) fn begin(&mut self, size_px: UVec2, samples: u32) -> Option<Picture<'_>> {
        let limit = self.device.limits().max_texture_dimension_2d;
        let size_px = size_px.clamp(UVec2::ONE, UVec2::splat(limit));
        if (self.config.width, self.config.height) != (size_px.x, size_px.y) || self.targets.is_none() {
            (self.config.width, self.config.height) = (size_px.x, size_px.y);
            self.surface.configure(&self.device, &self.config);
        }
        if self.targets.as_ref().is_none_or(|targets| (targets.size_px, targets.samples) != (size_px, samples)) {
            self.targets = Some(self.targets_of(size_px, samples));
        }
        let shown = match self.surface.get_current_texture() {
            wgpu::CurrentSurfaceTexture::Success(shown) | wgpu::CurrentSurfaceTexture::Suboptimal(shown) => shown,
            wgpu::CurrentSurfaceTexture::Outdated | wgpu::CurrentSurfaceTexture::Lost => {
                self.surface.configure(&self.device, &self.config);
                return None;
            }
            _ => return None,
        };
        let view = shown.texture.create_view(&wgpu::TextureViewDescriptor::default());
        let encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        Some(Picture { shown, view, targets: self.targets.as_ref()?, encoder })
    }

    fn targets_of(&self, size_px: UVec2, samples: u32) -> Targets {
        let target = |format| {
            let descriptor = wgpu::TextureDescriptor {
                label: None,
                size: wgpu::Extent3d { width: size_px.x, height: size_px.y, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: samples,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
                view_formats: &[],
            };
            self.device.create_texture(&descriptor).create_view(&wgpu::TextureViewDescriptor::default())
        };
        let colour = (samples > 1).then(|| target(self.config.format));
        Targets { samples, size_px, colour, depth: target(DEPTH) }
    }

    /// Puts a picture on the canvas.
    pub(super) fn show(queue: &wgpu::Queue, picture: Picture<'_>) {
        queue.submit([picture.encoder.finish()]);
        queue.present(picture.shown);
    }
}

impl Picture<'_> {
    /// The pass that draws the picture, over `sky`.
    pub(super) fn pass(&mut self, sky: wgpu::Color) -> wgpu::RenderPass<'_> {
        let (view, resolve_target) = match &self.targets.colour {
            Some(colour) => (colour, Some(&self.view)),
            None => (&self.view, None),
        };
        let store = if resolve_target.is_some() { wgpu::StoreOp::Discard } else { wgpu::StoreOp::Store };
        let ops = wgpu::Operations { load: wgpu::LoadOp::Clear(sky), store };
        self.encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target,
                ops,
            })],
            depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                view: &self.targets.depth,
                depth_ops: Some(wgpu::Operations { load: wgpu::LoadOp::Clear(0.0), store: wgpu::StoreOp::Discard }),
                stencil_ops: None,
            }),
            ..default()
        })
    }
}

fn listen(device: &wgpu::Device, told: &Told) {
    let keep = |told: &Told, trouble: Trouble| {
        told.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(trouble);
    };
    let heard = Arc::clone(told);
    device.on_uncaptured_error(Arc::new(move |error| {
        let trouble = match error {
            wgpu::Error::OutOfMemory { .. } => Trouble::OutOfMemory,
            wgpu::Error::Validation { description, .. } | wgpu::Error::Internal { description, .. } => {
                Trouble::Fault(description)
            }
        };
        keep(&heard, trouble);
    }));
    let heard = Arc::clone(told);
    device.set_device_lost_callback(move |_, why| keep(&heard, Trouble::Lost(why)));
}
