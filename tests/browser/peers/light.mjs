// The light of today's scene as src/companion/sky has it, in numbers that any engine takes: direction towards the sun,
// linear colours of direct light, sky, ground and haze, exposure.
const rad = (deg) => (deg * Math.PI) / 180;
/** Local mean solar time shown for today, 29 May, hours (daylight.rs). */
const HOUR = 15.2;
const JULIAN_DAY_2026_05_29 = 2461189.5;

/** Towards the sun, engine axes (solar.rs, after NOAA). */
function sunDirection(latDeg, lonDeg) {
  const t = (JULIAN_DAY_2026_05_29 + (HOUR - lonDeg / 15) / 24 - 2451545) / 36525;
  const mean = rad(280.46646 + t * (36000.76983 + t * 0.0003032));
  const anomaly = rad(357.52911 + t * (35999.05029 - t * 0.0001537));
  const eccentricity = 0.016708634 - t * (0.000042037 + t * 0.0000001267);
  const centre = (1.914602 - t * (0.004817 + t * 0.000014)) * Math.sin(anomaly) + (0.019993 - t * 0.000101) * Math.sin(2 * anomaly) + 0.000289 * Math.sin(3 * anomaly);
  const node = rad(125.04 - 1934.136 * t);
  const longitude = mean + rad(centre - 0.00569 - 0.00478 * Math.sin(node));
  const obliquity = rad(23.439291 - t * 0.0130042 + 0.00256 * Math.cos(node));
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(longitude));
  const y = Math.tan(obliquity / 2) ** 2;
  const equation = y * Math.sin(2 * mean) - 2 * eccentricity * Math.sin(anomaly) + 4 * eccentricity * y * Math.sin(anomaly) * Math.cos(2 * mean)
    - 0.5 * y * y * Math.sin(4 * mean) - 1.25 * eccentricity * eccentricity * Math.sin(2 * anomaly);
  const hour = rad(15 * (HOUR + ((equation * 180) / Math.PI) * 4 / 60 - 12));
  const lat = rad(latDeg);
  const east = -Math.cos(declination) * Math.sin(hour);
  const north = Math.sin(declination) * Math.cos(lat) - Math.cos(declination) * Math.sin(lat) * Math.cos(hour);
  const up = Math.sin(lat) * Math.sin(declination) + Math.cos(lat) * Math.cos(declination) * Math.cos(hour);
  return [east, up, -north];
}

const each = (vector, how) => vector.map(how);
const mix = (a, b, share) => a.map((x, axis) => x + (b[axis] - x) * share);

/** The light of today at a place, as `light` of daylight.rs computes it. */
export function lightOf({ lat_deg: lat, lon_deg: lon }) {
  const direction = sunDirection(lat, lon);
  const [cloud, haze] = [0.3, 0.0003];
  const height = Math.max(direction[1], 0.02), way = 1 / (height + 0.08), cover = cloud * cloud;
  const through = [0.045, 0.095, 0.19].map((share) => Math.exp(-share * way));
  const sun = each(through, (x) => x * 3.7);
  const zenith = each(mix([0.115, 0.215, 0.43], [0.42, 0.45, 0.485], cover), (x) => x * (0.6 + 0.4 * height));
  const warm = mix([1, 1, 1], each(through, (x) => x / Math.max(...through)), 0.25);
  const horizon = each(mix([0.6, 0.72, 0.84], [0.7, 0.715, 0.72], cover), (x, axis) => x * (0.7 + 0.3 * height) * warm[axis]);
  const ground = each([0.15, 0.125, 0.094], (x, axis) => x * (sun[axis] * height * 0.6 + horizon[axis] * 0.7));
  return { direction, sun, zenith, horizon, ground, haze, exposure: 0.5 };
}
