/** Runs on the audio thread: turns the microphone's sound into 100 ms frames of 16 kHz s16le. */

import { Resampler, toPcm } from "./resample";

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const RATE = 16_000;
const FRAME = RATE / 10;

class Microphone extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate, RATE);
  private frame = new Float32Array(FRAME);
  private filled = 0;
  private running = true;

  constructor() {
    super();
    this.port.onmessage = () => this.finish(); // the only message there is: stop
  }

  process(inputs: Float32Array[][]): boolean {
    const channel = inputs[0]?.[0];
    if (channel && this.running) this.take(this.resampler.push(channel));
    return this.running;
  }

  private take(samples: Float32Array): void {
    for (const sample of samples) {
      this.frame[this.filled++] = sample;
      if (this.filled === FRAME) this.post();
    }
  }

  private post(): void {
    const pcm = toPcm(this.frame.subarray(0, this.filled));
    this.filled = 0;
    this.port.postMessage(pcm, [pcm]);
  }

  private finish(): void {
    if (!this.running) return;
    if (this.filled > 0) this.post();
    this.running = false;
    this.port.postMessage("end");
  }
}

registerProcessor("microphone", Microphone);
