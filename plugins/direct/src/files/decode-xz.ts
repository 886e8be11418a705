import xz from 'xz-decompress';

/** What xz compressed. In a file of its own: it comes with a decoder in WebAssembly, which only archives of this kind need. */
export async function* decodeXz(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const source = ReadableStream.from(content);
  const decoded = new xz.XzReadableStream(source) as unknown as AsyncIterable<Uint8Array>;
  // A copy: the decoder uses its memory again.
  for await (const chunk of decoded) yield Buffer.from(chunk);
}
