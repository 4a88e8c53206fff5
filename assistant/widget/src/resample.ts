/** From the sound card's rate down to 16 kHz, a block at a time. */

const TAPS = 16; // zero crossings of the filter on each side

/**
 * Windowed-sinc resampling: every output sample is the input around its moment, low-passed below half the lower rate
 * so that nothing above it folds back as noise. Keeps what it needs of former blocks, so blocks join without a click.
 */
export class Resampler {
  private readonly step: number;
  private readonly cutoff: number;
  private readonly reach: number;
  private kept = new Float32Array(0);
  /** Moment of the next output sample, in input samples from the start of `kept`. */
  private next: number;

  constructor(from: number, to: number) {
    this.step = from / to;
    this.cutoff = Math.min(1, to / from) * 0.95;
    this.reach = Math.ceil(TAPS / this.cutoff);
    this.kept = new Float32Array(this.reach); // silence before the first sample
    this.next = this.reach;
  }

  push(block: Float32Array): Float32Array {
    const input = new Float32Array(this.kept.length + block.length);
    input.set(this.kept);
    input.set(block, this.kept.length);
    const out: number[] = [];
    while (this.next + this.reach < input.length) {
      out.push(this.at(input, this.next));
      this.next += this.step;
    }
    const start = Math.max(0, Math.floor(this.next) - this.reach);
    this.kept = input.slice(start);
    this.next -= start;
    return Float32Array.from(out);
  }

  private at(input: Float32Array, moment: number): number {
    const middle = Math.floor(moment);
    let sum = 0;
    for (let i = middle - this.reach + 1; i <= middle + this.reach; i++) {
      const distance = i - moment;
      const x = Math.PI * distance * this.cutoff;
      const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (this.reach + 1));
      sum += (input[i] ?? 0) * sinc * window;
    }
    return sum * this.cutoff;
  }
}

/** Samples of -1 to 1 as signed 16 bit little-endian. */
export function toPcm(samples: Float32Array): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, i) => view.setInt16(i * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true));
  return view.buffer;
}
