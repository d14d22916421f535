//! Pipelines: the ways of drawing, each made when it is first wanted.

use super::device::DEPTH;
use super::shader::{Defs, compose};
use super::shapes::{ATTRIBUTES, STRIDE};
use crate::surface::{Air, Kind};
use bevy::platform::collections::HashMap;
use bevy::prelude::*;

/// What tells the pipelines of things apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    /// What the shader does besides lighting.
    pub kind: Kind,
    /// Seen from both sides.
    pub two_sided: bool,
    /// The shape has places on a texture.
    pub uvs: bool,
}

/// What tells the pipelines of a whole picture apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Manner {
    /// The lowest tier's shaders.
    pub plain: bool,
    /// The evidence lens, where it has shaders of its own.
    pub lens: bool,
    /// Samples a pixel.
    pub samples: u32,
}

impl Manner {
    pub(super) fn of(air: &Air, samples: u32) -> Self {
        let plain = air.show.y < 0.5;
        Self { plain, lens: plain && air.show.x > 0.5, samples }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Way {
    Thing(Key),
    Sky,
    Ink,
}

/// How what the shaders read is bound.
pub(super) struct Layouts {
    pub view: wgpu::BindGroupLayout,
    pub light: wgpu::BindGroupLayout,
    pub things: wgpu::BindGroupLayout,
    pub material: wgpu::BindGroupLayout,
}

/// The ways of drawing made so far.
pub(super) struct Pipelines {
    pub layouts: Layouts,
    format: wgpu::TextureFormat,
    made: HashMap<(Way, Manner), wgpu::RenderPipeline>,
    shadow: wgpu::RenderPipeline,
}

const VIEW: &str = include_str!("view.wgsl");
const THINGS: &str = include_str!("things.wgsl");
const AIR: &str = include_str!("air.wgsl");
const EVIDENCE: &str = include_str!("evidence.wgsl");
const MATERIAL: &str = include_str!("material.wgsl");
const SURFACE: &str = include_str!("surface.wgsl");
const WATER: &str = include_str!("water.wgsl");
const SKY: &str = include_str!("sky.wgsl");
const INK: &str = include_str!("ink.wgsl");
const SHADOW: &str = include_str!("shadow.wgsl");

/// A vertex of ink: place in clip space, colour with opacity.
const INK_ATTRIBUTES: [wgpu::VertexAttribute; 2] = wgpu::vertex_attr_array![0 => Float32x2, 1 => Float32x4];
pub(super) const INK_STRIDE: u64 = 24;

impl Layouts {
    fn new(device: &wgpu::Device) -> Self {
        use wgpu::{BindingType, SamplerBindingType, TextureSampleType};
        let both = wgpu::ShaderStages::VERTEX_FRAGMENT;
        let uniform = |has_dynamic_offset| BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset,
            min_binding_size: None,
        };
        let texture = |sample_type| BindingType::Texture {
            sample_type,
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let colour = texture(TextureSampleType::Float { filterable: true });
        let sampler = BindingType::Sampler(SamplerBindingType::Filtering);
        let layout = |types: &[BindingType]| {
            let entries: Vec<_> = (0..)
                .zip(types)
                .map(|(binding, ty)| wgpu::BindGroupLayoutEntry { binding, visibility: both, ty: *ty, count: None })
                .collect();
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries })
        };
        let comparison = BindingType::Sampler(SamplerBindingType::Comparison);
        Self {
            view: layout(&[uniform(false), uniform(false), texture(TextureSampleType::Depth), comparison]),
            light: layout(&[uniform(false)]),
            things: layout(&[uniform(true)]),
            material: layout(&[uniform(false), colour, sampler, colour, sampler]),
        }
    }
}

impl Pipelines {
    pub(super) fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let layouts = Layouts::new(device);
        let shadow = shadow(device, &layouts);
        Self { layouts, format, made: HashMap::default(), shadow }
    }

    /// Draws things into the shadow map.
    pub(super) fn shadow(&self) -> &wgpu::RenderPipeline {
        &self.shadow
    }

    /// Draws things of this key.
    pub(super) fn thing(&self, key: Key, manner: Manner) -> Option<&wgpu::RenderPipeline> {
        self.made.get(&(Way::Thing(key), manner))
    }

    /// Draws the sky behind everything.
    pub(super) fn sky(&self, manner: Manner) -> Option<&wgpu::RenderPipeline> {
        self.made.get(&(Way::Sky, manner))
    }

    /// Draws ink over everything.
    pub(super) fn ink(&self, manner: Manner) -> Option<&wgpu::RenderPipeline> {
        self.made.get(&(Way::Ink, manner))
    }

    /// Makes what draws things of this key, if it is not there yet.
    pub(super) fn make(&mut self, device: &wgpu::Device, key: Key, manner: Manner) {
        let (layouts, format) = (&self.layouts, self.format);
        self.made.entry((Way::Thing(key), manner)).or_insert_with(|| {
            let defs = [
                ("PLAIN", manner.plain),
                ("LENS", manner.lens),
                ("LAND", key.kind == Kind::Land),
                ("LEAVES", key.kind == Kind::Leaves),
                ("UVS", key.uvs),
            ];
            let own = if key.kind == Kind::Water { WATER } else { SURFACE };
            Making {
                parts: &[VIEW, AIR, THINGS, EVIDENCE, MATERIAL, own],
                defs: &defs,
                groups: &[Some(&layouts.view), Some(&layouts.things), Some(&layouts.material)],
                vertex: Some(vertex_layout()),
                cull: !key.two_sided,
                write_depth: true,
                compare: wgpu::CompareFunction::GreaterEqual,
                blend: None,
            }
            .made(device, format, manner.samples)
        });
    }

    /// Makes what draws sky and ink, if it is not there yet.
    pub(super) fn make_rest(&mut self, device: &wgpu::Device, manner: Manner) {
        let (layouts, format) = (&self.layouts, self.format);
        self.made.entry((Way::Sky, manner)).or_insert_with(|| {
            Making {
                parts: &[VIEW, AIR, SKY],
                defs: &[("PLAIN", manner.plain)],
                groups: &[Some(&layouts.view)],
                vertex: None,
                cull: false,
                write_depth: false,
                compare: wgpu::CompareFunction::GreaterEqual,
                blend: None,
            }
            .made(device, format, manner.samples)
        });
        self.made.entry((Way::Ink, manner)).or_insert_with(|| {
            Making {
                parts: &[INK],
                defs: &[],
                groups: &[],
                vertex: Some(wgpu::VertexBufferLayout {
                    array_stride: INK_STRIDE,
                    step_mode: wgpu::VertexStepMode::Vertex,
                    attributes: &INK_ATTRIBUTES,
                }),
                cull: false,
                write_depth: false,
                compare: wgpu::CompareFunction::Always,
                blend: Some(wgpu::BlendState::ALPHA_BLENDING),
            }
            .made(device, format, manner.samples)
        });
    }
}

fn vertex_layout() -> wgpu::VertexBufferLayout<'static> {
    wgpu::VertexBufferLayout {
        array_stride: STRIDE as u64,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes: &ATTRIBUTES,
    }
}

/// What a pipeline is made of.
struct Making<'a> {
    parts: &'a [&'a str],
    defs: &'a Defs,
    groups: &'a [Option<&'a wgpu::BindGroupLayout>],
    vertex: Option<wgpu::VertexBufferLayout<'a>>,
    cull: bool,
    write_depth: bool,
    compare: wgpu::CompareFunction,
    blend: Option<wgpu::BlendState>,
}

impl Making<'_> {
    fn made(self, device: &wgpu::Device, format: wgpu::TextureFormat, samples: u32) -> wgpu::RenderPipeline {
        let module = module(device, self.parts, self.defs);
        let buffers: Vec<_> = self.vertex.into_iter().map(Some).collect();
        device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: None,
            layout: Some(&layout(device, self.groups)),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vertex"),
                compilation_options: default(),
                buffers: &buffers,
            },
            primitive: wgpu::PrimitiveState { cull_mode: self.cull.then_some(wgpu::Face::Back), ..default() },
            depth_stencil: Some(depth(self.write_depth, self.compare)),
            multisample: wgpu::MultisampleState { count: samples, ..default() },
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("fragment"),
                compilation_options: default(),
                targets: &[Some(wgpu::ColorTargetState {
                    format,
                    blend: self.blend,
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}

fn module(device: &wgpu::Device, parts: &[&str], defs: &Defs) -> wgpu::ShaderModule {
    let source = wgpu::ShaderSource::Wgsl(compose(parts, defs).into());
    device.create_shader_module(wgpu::ShaderModuleDescriptor { label: None, source })
}

fn layout(device: &wgpu::Device, groups: &[Option<&wgpu::BindGroupLayout>]) -> wgpu::PipelineLayout {
    device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: None,
        bind_group_layouts: groups,
        immediate_size: 0,
    })
}

fn depth(write: bool, compare: wgpu::CompareFunction) -> wgpu::DepthStencilState {
    wgpu::DepthStencilState {
        format: DEPTH,
        depth_write_enabled: Some(write),
        depth_compare: Some(compare),
        stencil: default(),
        bias: default(),
    }
}

fn shadow(device: &wgpu::Device, layouts: &Layouts) -> wgpu::RenderPipeline {
    let module = module(device, &[SHADOW], &[]);
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: None,
        layout: Some(&layout(device, &[Some(&layouts.light), Some(&layouts.things)])),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: default(),
            buffers: &[Some(wgpu::VertexBufferLayout { attributes: &ATTRIBUTES[..1], ..vertex_layout() })],
        },
        primitive: default(),
        depth_stencil: Some(depth(true, wgpu::CompareFunction::GreaterEqual)),
        multisample: default(),
        fragment: None,
        multiview_mask: None,
        cache: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text a pipeline can ask for, as the graphics interface's own reader sees it.
    #[test]
    fn every_shader_that_can_be_asked_for_is_sound() {
        let bools = [false, true];
        let read = |parts: &[&str], defs: &Defs| {
            let text = compose(parts, defs);
            let module = naga::front::wgsl::parse_str(&text)
                .unwrap_or_else(|fault| panic!("{defs:?}: {}", fault.emit_to_string(&text)));
            let mut judge =
                naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::default());
            judge.validate(&module).unwrap_or_else(|fault| panic!("{defs:?}: {}", fault.emit_to_string(&text)));
        };
        for plain in bools {
            read(&[VIEW, AIR, SKY], &[("PLAIN", plain)]);
            for lens in bools {
                read(
                    &[VIEW, AIR, THINGS, EVIDENCE, MATERIAL, WATER],
                    &[("PLAIN", plain), ("LENS", lens), ("UVS", true)],
                );
                for (land, leaves) in [(false, false), (true, false), (false, true)] {
                    for uvs in bools {
                        let defs = [("PLAIN", plain), ("LENS", lens), ("LAND", land), ("LEAVES", leaves), ("UVS", uvs)];
                        read(&[VIEW, AIR, THINGS, EVIDENCE, MATERIAL, SURFACE], &defs);
                    }
                }
            }
        }
        read(&[INK], &[]);
        read(&[SHADOW], &[]);
    }
}
