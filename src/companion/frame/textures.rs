//! Textures and materials: images as they lie on the graphics card, and what of them a surface binds together.

use super::pipelines::Layouts;
use crate::surface::{Look, Surface};
use bevy::asset::RenderAssetUsages;
use bevy::image::ImageSampler;
use bevy::platform::collections::HashMap;
use bevy::prelude::*;
use wgpu::util::{DeviceExt, TextureDataOrder};

struct Texture {
    view: wgpu::TextureView,
    sampler: wgpu::Sampler,
}

/// A surface's bindings, and what they were made from.
pub(super) struct Material {
    /// Stands for it in sorting.
    pub number: u32,
    pub bound: wgpu::BindGroup,
    look: Look,
    images: [Option<AssetId<Image>>; 2],
}

/// Everything that lies on things.
pub(super) struct Textures {
    blank: Texture,
    of: HashMap<AssetId<Image>, Texture>,
    materials: HashMap<AssetId<Surface>, Material>,
    numbers: u32,
}

impl Textures {
    pub(super) fn new(device: &wgpu::Device, queue: &wgpu::Queue) -> Self {
        let size = wgpu::Extent3d { width: 1, height: 1, depth_or_array_layers: 1 };
        let descriptor = wgpu::TextureDescriptor {
            label: None,
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        };
        let texture = device.create_texture_with_data(queue, &descriptor, TextureDataOrder::MipMajor, &[255; 4]);
        let blank = Texture { view: texture.create_view(&default()), sampler: device.create_sampler(&default()) };
        Self { blank, of: HashMap::default(), materials: HashMap::default(), numbers: 0 }
    }

    /// Takes in an image that is new or has changed, and lets go of its bytes where nothing else reads them.
    pub(super) fn put(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, id: AssetId<Image>, image: &mut Image) {
        // What the page alone reads is never drawn.
        if !image.asset_usage.contains(RenderAssetUsages::RENDER_WORLD) {
            return;
        }
        let Some(data) = &image.data else { return };
        let of = &image.texture_descriptor;
        let descriptor = wgpu::TextureDescriptor {
            label: None,
            size: of.size,
            mip_level_count: of.mip_level_count,
            sample_count: of.sample_count,
            dimension: of.dimension,
            format: of.format,
            usage: wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        };
        let texture = device.create_texture_with_data(queue, &descriptor, TextureDataOrder::MipMajor, data);
        let sampler = match &image.sampler {
            ImageSampler::Descriptor(descriptor) => device.create_sampler(&descriptor.as_wgpu()),
            ImageSampler::Default => device.create_sampler(&default()),
        };
        self.of.insert(id, Texture { view: texture.create_view(&default()), sampler });
        self.materials.retain(|_, material| !material.images.contains(&Some(id)));
        if image.asset_usage == RenderAssetUsages::RENDER_WORLD {
            image.data = None;
        }
    }

    /// Forgets an image.
    pub(super) fn drop(&mut self, id: AssetId<Image>) {
        self.of.remove(&id);
    }

    /// What a surface binds, by its number.
    pub(super) fn material(
        &mut self,
        device: &wgpu::Device,
        layouts: &Layouts,
        id: AssetId<Surface>,
        surface: &Surface,
    ) -> &Material {
        let images = [&surface.base, &surface.normal].map(|image| image.as_ref().map(Handle::id));
        // An image that is still on its way is drawn as if there were none.
        let images = images.map(|image| image.filter(|image| self.of.contains_key(image)));
        let stale = |made: &Material| made.look != surface.look || made.images != images;
        if self.materials.get(&id).is_none_or(stale) {
            let number = self.materials.remove(&id).map_or(self.numbers, |made| made.number);
            self.numbers = self.numbers.max(number + 1);
            let made = self.bound(device, layouts, surface.look, images, number);
            self.materials.insert(id, made);
        }
        &self.materials[&id]
    }

    fn bound(
        &self,
        device: &wgpu::Device,
        layouts: &Layouts,
        look: Look,
        images: [Option<AssetId<Image>>; 2],
        number: u32,
    ) -> Material {
        let contents = [look.tint.to_array(), look.finish.to_array()];
        let uniform = device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: None,
            contents: bytemuck::bytes_of(&contents),
            usage: wgpu::BufferUsages::UNIFORM,
        });
        let [base, normal] = images.map(|image| image.and_then(|image| self.of.get(&image)).unwrap_or(&self.blank));
        let resources = [
            uniform.as_entire_binding(),
            wgpu::BindingResource::TextureView(&base.view),
            wgpu::BindingResource::Sampler(&base.sampler),
            wgpu::BindingResource::TextureView(&normal.view),
            wgpu::BindingResource::Sampler(&normal.sampler),
        ];
        let bound = super::card::bind(device, &layouts.material, resources);
        Material { number, bound, look, images }
    }

    /// The bindings of a numbered material.
    pub(super) fn bindings(&self) -> HashMap<u32, &wgpu::BindGroup> {
        self.materials.values().map(|material| (material.number, &material.bound)).collect()
    }
}
