// Runs an evalscript (version 3) over whole arrays. Everything it keeps is in the object it returns.
const Mosaicking = {SIMPLE: "SIMPLE", ORBIT: "ORBIT", TILE: "TILE"};
const SampleType = {
  INT8: "INT8", UINT8: "UINT8", INT16: "INT16", UINT16: "UINT16", FLOAT32: "FLOAT32", AUTO: "AUTO",
};
const Units = {REFLECTANCE: "REFLECTANCE", DN: "DN", LINEAR_POWER: "LINEAR_POWER", KELVIN: "KELVIN"};
function index(a, b) { return a + b === 0 ? 0 : (a - b) / (a + b); }
function inverse(a) { return 1 / a; }
function valueInterpolate(value, edges, values) {
  if (value <= edges[0]) return values[0];
  for (let k = 1; k < edges.length; k++) {
    if (value <= edges[k]) {
      const share = (value - edges[k - 1]) / (edges[k] - edges[k - 1]);
      const low = values[k - 1], high = values[k];
      return Array.isArray(low) ? low.map((v, i) => v + (high[i] - v) * share) : low + (high - low) * share;
    }
  }
  return values[values.length - 1];
}

const __driver = (() => {
  const metadata = {userData: undefined};
  let input, inputs, output, plan;

  function values(result, id, count) {
    const found = result === undefined || result === null ? undefined : result;
    if (!Array.isArray(found) && !ArrayBuffer.isView(found)) {
      throw new Error(`evaluatePixel must return an array of numbers for output '${id}'.`);
    }
    if (found.length !== count) {
      throw new Error(`The number of bands of output '${id}' is ${count}, but evaluatePixel returned ${found.length}.`);
    }
    return found;
  }

  return {
    defined: (name) => eval(`typeof ${name}`) === "function",
    setup: () => JSON.stringify(setup() ?? null),
    preProcess(text) {
      const asked = JSON.parse(text);
      for (const end of ["from", "to"]) if (asked[end]) asked[end] = new Date(asked[end]);
      return JSON.stringify(preProcessScenes(asked) ?? null);
    },
    updateOutput(bands, dates) {
      const found = JSON.parse(bands);
      updateOutput(found, {scenes: JSON.parse(dates).map((text) => ({date: new Date(text)}))});
      return JSON.stringify(found);
    },
    // plan: {bands, samples, single, outputs: [[id, bands]], scenes, input}
    begin(text) {
      plan = JSON.parse(text);
      const fields = plan.bands.map((band, k) => `${JSON.stringify(band)}: a[o + ${k} * n]`);
      plan.sample = new Function("a", "o", "n", `return {${fields.join(", ")}};`);
    },
    // input: [sample][band][pixel]; output: [pixel][band of all outputs]
    allocate(pixels) {
      input = new Float32Array(plan.samples * plan.bands.length * pixels);
      output = new Float64Array(plan.outputs.reduce((sum, [, count]) => sum + count, 0) * pixels);
    },
    input: () => input.buffer,
    output: () => output.buffer,
    run(pixels) {
      const {outputs, sample, scenes, single} = plan, step = plan.bands.length * pixels, custom = {};
      const only = outputs.length === 1 ? outputs[0] : null;
      let to = 0;
      for (let p = 0; p < pixels; p++) {
        let given;
        if (single) given = sample(input, p, pixels);
        else {
          given = new Array(plan.samples);
          for (let s = 0; s < plan.samples; s++) given[s] = sample(input, s * step + p, pixels);
        }
        const result = evaluatePixel(given, scenes, plan.input, custom, metadata);
        const nothing = result === undefined, bare = only !== null && (Array.isArray(result) || ArrayBuffer.isView(result));
        for (const [id, count] of outputs) {
          if (!nothing) {
            const found = values(bare ? result : result[id], id, count);
            for (let k = 0; k < count; k++) output[to + k] = Number(found[k]);
          }
          to += count;
        }
      }
    },
    finish(hook) {
      if (hook) updateOutputMetadata(plan.scenes, plan.input, metadata);
      return JSON.stringify(metadata.userData === undefined ? null : metadata.userData);
    },
  };
})();
