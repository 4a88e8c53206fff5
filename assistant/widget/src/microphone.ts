/** The browser's microphone as a source of frames for the recognizer. */

declare const BUILD: string;

export type MicrophoneTrouble = "denied" | "missing" | "unsupported";

export class MicrophoneError extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble);
  }
}

/** Browsers give the microphone only to https pages and localhost. */
export function microphoneSupported(): boolean {
  return typeof AudioWorkletNode !== "undefined" && !!navigator.mediaDevices?.getUserMedia;
}

export class Microphone {
  private constructor(
    private readonly tracks: MediaStream,
    private readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
    private readonly ended: Promise<void>,
  ) {}

  /** Ask for the microphone and hand every 100 ms of 16 kHz s16le to `onFrame`. */
  static async open(onFrame: (frame: ArrayBuffer) => void): Promise<Microphone> {
    if (!microphoneSupported()) throw new MicrophoneError("unsupported");
    const tracks = await ask();
    const context = new AudioContext();
    try {
      await context.resume();
      await context.audioWorklet.addModule(new URL(`mic-worklet.js?v=${BUILD}`, document.baseURI));
      const node = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
      const ended = new Promise<void>((resolve) => {
        node.port.onmessage = ({ data }: MessageEvent<ArrayBuffer | "end">) => (data === "end" ? resolve() : onFrame(data));
      });
      context.createMediaStreamSource(tracks).connect(node);
      return new Microphone(tracks, context, node, ended);
    } catch {
      release(tracks);
      void context.close();
      throw new MicrophoneError("unsupported");
    }
  }

  /** Resolves when the last frame was handed over and the microphone is free again. */
  async close(): Promise<void> {
    this.node.port.postMessage("stop");
    const late = new Promise<void>((resolve) => window.setTimeout(resolve, 500));
    await Promise.race([this.ended, late]);
    release(this.tracks);
    await this.context.close();
  }
}

function release(tracks: MediaStream): void {
  for (const track of tracks.getTracks()) track.stop();
}

async function ask(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    throw new MicrophoneError(name === "NotFoundError" || name === "NotReadableError" ? "missing" : "denied");
  }
}
