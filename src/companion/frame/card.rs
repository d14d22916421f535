//! Card: what lies on the graphics card for the picture, and the two passes that draw it.

use super::device::{DEPTH, Gpu};
use super::ink::Inked;
use super::list::{Draw, Item, REACH, Row};
use super::pipelines::{Layouts, Manner, Pipelines};
use super::shadow::SunView;
use super::shapes::Shapes;
use super::textures::Textures;
use crate::surface::Air;
use bevy::prelude::*;

/// Everything on the graphics card.
#[derive(Resource)]
pub(super) struct Card {
    pub pipelines: Pipelines,
    pub shapes: Shapes,
    pub textures: Textures,
    pub inked: Inked,
    view: wgpu::Buffer,
    air: wgpu::Buffer,
    /// What the eye sees, and what throws shadows.
    pub seen: Things,
    pub casting: Things,
    pub map: ShadowMap,
    /// Light and air as they were sent last.
    sent: Option<Air>,
}

/// Rows of things on the graphics card, as they were sent last.
pub(super) struct Things {
    rows: Vec<Row>,
    buffer: wgpu::Buffer,
    bound: wgpu::BindGroup,
}

/// The sun's view, and what of it is drawn.
pub(super) struct ShadowMap {
    pub size_px: u32,
    view: wgpu::TextureView,
    light: wgpu::Buffer,
    light_bound: wgpu::BindGroup,
    /// Bound while the picture is drawn.
    bound: wgpu::BindGroup,
    drawn: Option<(SunView, Vec<Draw>)>,
}

/// The view as the shaders read it: `View` in view.wgsl.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub(super) struct View {
    pub clip_from_world: [f32; 16],
    pub world_from_clip: [f32; 16],
    pub shadow_from_world: [f32; 16],
    pub eye: [f32; 4],
    pub forward: [f32; 4],
    pub shadow: [f32; 4],
}

pub(super) fn bind<const N: usize>(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    resources: [wgpu::BindingResource<'_>; N],
) -> wgpu::BindGroup {
    let entries: Vec<_> =
        (0..).zip(resources).map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource }).collect();
    device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout, entries: &entries })
}

fn uniform(device: &wgpu::Device, size: u64) -> wgpu::Buffer {
    let usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
    device.create_buffer(&wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false })
}

impl Things {
    fn new(device: &wgpu::Device, layouts: &Layouts, windows: u64) -> Self {
        let window = u64::from(REACH) * size_of::<Row>() as u64;
        let buffer = uniform(device, windows * window);
        let reach = wgpu::BufferBinding { buffer: &buffer, offset: 0, size: std::num::NonZeroU64::new(window) };
        let bound = bind(device, &layouts.things, [wgpu::BindingResource::Buffer(reach)]);
        Self { rows: Vec::new(), buffer, bound }
    }

    /// Sends the rows of these items, unless they are as they were; whether they were sent.
    fn send(&mut self, gpu: &Gpu, layouts: &Layouts, items: &[Item]) -> bool {
        if self.rows.len() == items.len() && self.rows.iter().zip(items).all(|(row, item)| *row == item.row) {
            return false;
        }
        let windows = items.len().div_ceil(REACH as usize).max(1) as u64;
        if windows * u64::from(REACH) * size_of::<Row>() as u64 > self.buffer.size() {
            *self = Self::new(&gpu.device, layouts, windows.next_power_of_two());
        }
        self.rows.clear();
        self.rows.extend(items.iter().map(|item| item.row));
        gpu.queue.write_buffer(&self.buffer, 0, bytemuck::cast_slice(&self.rows));
        true
    }
}

impl ShadowMap {
    fn new(device: &wgpu::Device, layouts: &Layouts, view: &wgpu::Buffer, air: &wgpu::Buffer, size_px: u32) -> Self {
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: None,
            size: wgpu::Extent3d { width: size_px, height: size_px, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: DEPTH,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        });
        let map = texture.create_view(&default());
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            compare: Some(wgpu::CompareFunction::GreaterEqual),
            ..default()
        });
        let light = uniform(device, 64);
        let light_bound = bind(device, &layouts.light, [light.as_entire_binding()]);
        let resources = [
            view.as_entire_binding(),
            air.as_entire_binding(),
            wgpu::BindingResource::TextureView(&map),
            wgpu::BindingResource::Sampler(&sampler),
        ];
        let bound = bind(device, &layouts.view, resources);
        Self { size_px, view: map, light, light_bound, bound, drawn: None }
    }

    /// Draws it anew next time, whatever it was drawn of.
    pub(super) fn forget(&mut self) {
        self.drawn = None;
    }
}

impl Card {
    pub(super) fn new(gpu: &Gpu) -> Self {
        let device = &gpu.device;
        let pipelines = Pipelines::new(device, gpu.format());
        let (view, air) = (uniform(device, size_of::<View>() as u64), uniform(device, size_of::<Air>() as u64));
        let map = ShadowMap::new(device, &pipelines.layouts, &view, &air, 1);
        let things = || Things::new(device, &pipelines.layouts, 1);
        let (seen, casting) = (things(), things());
        let textures = Textures::new(device, &gpu.queue);
        let inked = Inked::default();
        Self { pipelines, shapes: Shapes::default(), textures, inked, view, air, seen, casting, map, sent: None }
    }

    /// Sends the view, and whatever else is not as it was sent last.
    pub(super) fn send(&mut self, gpu: &Gpu, view: &View, air: &Air, seen: &[Item], map_px: u32) {
        if self.map.size_px != map_px {
            self.map = ShadowMap::new(&gpu.device, &self.pipelines.layouts, &self.view, &self.air, map_px);
        }
        self.seen.send(gpu, &self.pipelines.layouts, seen);
        gpu.queue.write_buffer(&self.view, 0, bytemuck::bytes_of(view));
        if self.sent != Some(*air) {
            self.sent = Some(*air);
            gpu.queue.write_buffer(&self.air, 0, bytemuck::bytes_of(air));
        }
    }

    /// Draws the shadow map, if it would not come out as it is.
    pub(super) fn cast(&mut self, gpu: &Gpu, sun: SunView, items: &[Item], draws: &[Draw]) {
        let moved = self.casting.send(gpu, &self.pipelines.layouts, items);
        let as_before = self.map.drawn.as_ref().is_some_and(|(from, drawn)| *from == sun && drawn == draws);
        if as_before && !moved {
            return;
        }
        gpu.queue.write_buffer(&self.map.light, 0, bytemuck::cast_slice(&sun.clip_from_world.to_cols_array()));
        let mut encoder = gpu.device.create_command_encoder(&default());
        let ops = wgpu::Operations { load: wgpu::LoadOp::Clear(0.0), store: wgpu::StoreOp::Store };
        let depth =
            wgpu::RenderPassDepthStencilAttachment { view: &self.map.view, depth_ops: Some(ops), stencil_ops: None };
        let mut pass = encoder
            .begin_render_pass(&wgpu::RenderPassDescriptor { depth_stencil_attachment: Some(depth), ..default() });
        pass.set_pipeline(self.pipelines.shadow());
        pass.set_bind_group(0, &self.map.light_bound, &[]);
        let mut walk = Walk::default();
        for draw in draws {
            walk.to(&mut pass, draw, &self.shapes, &self.casting);
            pass.draw_indexed(draw.indices.clone(), 0, draw.things.clone());
        }
        drop(pass);
        gpu.queue.submit([encoder.finish()]);
        self.map.drawn = Some((sun, draws.to_vec()));
    }

    /// Draws the picture and puts it on the canvas.
    pub(super) fn paint(&mut self, gpu: &mut Gpu, draws: &[Draw], manner: Manner, size_px: UVec2, behind: Vec4) {
        for draw in draws {
            self.pipelines.make(&gpu.device, draw.key, manner);
        }
        self.pipelines.make_rest(&gpu.device, manner);
        let queue = gpu.queue.clone();
        let Some(mut picture) = gpu.begin(size_px, manner.samples) else { return };
        let [r, g, b] = behind.truncate().to_array().map(f64::from);
        let mut pass = picture.pass(wgpu::Color { r, g, b, a: 1.0 });
        pass.set_bind_group(0, &self.map.bound, &[]);
        let mut walk = Walk::default();
        let materials = self.textures.bindings();
        for draw in draws {
            if walk.key != Some(draw.key) {
                walk.key = Some(draw.key);
                let Some(pipeline) = self.pipelines.thing(draw.key, manner) else { continue };
                pass.set_pipeline(pipeline);
            }
            if walk.material != Some(draw.material) {
                walk.material = Some(draw.material);
                let Some(bound) = materials.get(&draw.material) else { continue };
                pass.set_bind_group(2, *bound, &[]);
            }
            walk.to(&mut pass, draw, &self.shapes, &self.seen);
            pass.draw_indexed(draw.indices.clone(), 0, draw.things.clone());
        }
        if let Some(sky) = self.pipelines.sky(manner) {
            pass.set_pipeline(sky);
            pass.draw(0..3, 0..1);
        }
        if let Some(ink) = self.pipelines.ink(manner) {
            pass.set_pipeline(ink);
            self.inked.draw(&mut pass);
        }
        drop(pass);
        Gpu::show(&queue, picture);
    }
}

/// What is bound as draws go by, so that nothing is bound twice.
#[derive(Default)]
struct Walk {
    key: Option<super::pipelines::Key>,
    material: Option<u32>,
    block: Option<u32>,
    window: Option<u32>,
}

impl Walk {
    fn to(&mut self, pass: &mut wgpu::RenderPass<'_>, draw: &Draw, shapes: &Shapes, things: &Things) {
        if self.block != Some(draw.block)
            && let Some(block) = shapes.blocks.get(draw.block as usize)
        {
            self.block = Some(draw.block);
            pass.set_vertex_buffer(0, block.vertices.slice(..));
            pass.set_index_buffer(block.indices.slice(..), wgpu::IndexFormat::Uint32);
        }
        if self.window != Some(draw.window) {
            self.window = Some(draw.window);
            let bytes = draw.window * REACH * size_of::<Row>() as u32;
            pass.set_bind_group(1, &things.bound, &[bytes]);
        }
    }
}
