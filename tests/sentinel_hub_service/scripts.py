"""Evalscripts of the tests."""

BANDS = """//VERSION=3
function setup() {
  return {
    input: [{bands: ["B04", "B11", "SCL", "dataMask"], units: ["DN", "DN", "DN", "DN"]}],
    output: {bands: 4, sampleType: "UINT16"},
  };
}
function evaluatePixel(sample) { return [sample.B04, sample.B11, sample.SCL, sample.dataMask]; }
"""


def one(expression, kind="FLOAT32", bands=("B04", "dataMask"), units=None, mosaicking="SIMPLE", count=1):
    """A script of one output whose pixel is an expression of ``s``."""
    quoted = ", ".join(f'"{band}"' for band in bands)
    unit = f', units: "{units}"' if isinstance(units, str) else f", units: {units}" if units else ""
    return f"""//VERSION=3
function setup() {{
  return {{input: [{{bands: [{quoted}]{unit}}}], output: {{bands: {count}, sampleType: "{kind}"}},
           mosaicking: "{mosaicking}"}};
}}
function evaluatePixel(s, scenes) {{ return [{expression}]; }}
"""
