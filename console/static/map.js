// Draws the area of a form on a map. The field with coordinates stays what counts: without script, or without a mouse,
// it is filled in by hand. Nothing is asked of any other host, unless a tile address was set.

function readRings(text) {
  const rings = [[]], circles = [];
  for (const line of text.split("\n")) {
    const numbers = (line.match(/-?\d+(?:\.\d+)?/g) || []).map(Number);
    if (!line.trim()) rings.push([]);
    else if (numbers.length === 3) circles.push(numbers);
    else if (numbers.length === 2) rings[rings.length - 1].push(numbers);
  }
  return { rings: rings.filter((ring) => ring.length), circles };
}

class AreaMap {
  constructor(element) {
    this.field = document.getElementById(element.dataset.field);
    this.status = element.querySelector(".map-said");
    this.words = element.dataset;
    this.map = L.map(element.querySelector(".map"), { attributionControl: false });
    if (element.dataset.tiles) L.tileLayer(element.dataset.tiles).addTo(this.map);
    this.shapes = L.featureGroup().addTo(this.map);
    this.drawing = null;
    this.map.setView([50.85, 4.35], 8);
    this.background(element.dataset.background);
    this.map.on("click", (event) => this.click(event.latlng));
    this.field.addEventListener("input", () => this.redraw());
    for (const button of element.querySelectorAll("[data-tool]")) {
      button.addEventListener("click", () => this.use(button.dataset.tool));
    }
    this.redraw();
  }

  async background(url) {
    const known = await (await fetch(url, { headers: { "HX-Request": "true" } })).json();
    const lines = L.geoJSON(known, {
      style: { color: "#5f7378", weight: 3, opacity: 0.8 },
      interactive: false,
      onEachFeature: (feature, layer) =>
        layer.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "street-name" }),
    }).addTo(this.map);
    lines.bringToBack();
    const bounds = this.shapes.getLayers().length ? this.shapes.getBounds() : lines.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds, { maxZoom: 17 });
    this.map.on("zoomend", () => this.unclutter(lines));
    this.unclutter(lines);
  }

  // Of names that lie on each other the first is shown; nearer by there is room for the next.
  unclutter(lines) {
    const shown = [];
    lines.eachLayer((layer) => {
      const label = layer.getTooltip().getElement();
      label.hidden = false;
      const box = label.getBoundingClientRect();
      const apart = (other) =>
        box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom;
      label.hidden = !shown.every(apart);
      if (!label.hidden) shown.push(box);
    });
  }

  redraw() {
    this.shapes.clearLayers();
    const { rings, circles } = readRings(this.field.value);
    const style = { color: "#a3201a", weight: 3 };
    for (const ring of rings) L.polygon(ring, style).addTo(this.shapes);
    for (const [lat, lng, radius] of circles) L.circle([lat, lng], { ...style, radius }).addTo(this.shapes);
    if (this.drawing) L.polyline(this.drawing, { ...style, dashArray: "6" }).addTo(this.shapes);
  }

  use(tool) {
    if (tool === "polygon") this.begin("polygon", this.words.polygon);
    else if (tool === "circle") this.begin("circle", this.words.circle);
    else if (tool === "finish") this.finish();
    else if (tool === "clear") this.write("");
  }

  begin(tool, said) {
    this.tool = tool;
    this.drawing = [];
    this.status.textContent = said;
  }

  click(at) {
    if (!this.drawing) return;
    this.drawing.push([at.lat, at.lng]);
    if (this.tool === "circle" && this.drawing.length === 2) this.finish();
    else this.redraw();
  }

  finish() {
    const points = this.drawing || [];
    this.drawing = null;
    this.status.textContent = "";
    const line = ([lat, lng]) => `${lat.toFixed(6)} ${lng.toFixed(6)}`;
    if (this.tool === "circle" && points.length === 2) {
      const radius = Math.max(1, Math.round(this.map.distance(points[0], points[1])));
      this.add(`${line(points[0])} ${radius} m`);
    } else if (this.tool === "polygon" && points.length > 2) this.add(points.map(line).join("\n"));
    else this.redraw();
  }

  add(lines) {
    this.write([this.field.value.trim(), lines].filter(Boolean).join("\n\n"));
  }

  write(text) {
    this.field.value = text;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll(".area-map")) {
    element.hidden = false;
    const maker = () => element.made || (element.made = new AreaMap(element));
    const folded = element.closest("details");
    if (!folded || folded.open) maker();
    else folded.addEventListener("toggle", maker, { once: true });
  }
});
