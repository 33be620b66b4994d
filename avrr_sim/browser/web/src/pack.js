/**
 * The numbers that a page carries: tables under numbers of their own, and what is told of them. The text is
 * base64 of a deflated run of bytes; each table lies in it by planes of bytes, every record as its difference
 * from the one before (see `pack.py`, which writes it).
 *
 * @typedef {{kind: string, shape: number[], size: number, at: number, bytes: number}} Entry
 * @typedef {{tables: Entry[], about: any}} Head
 */

/** @param {string} text @returns {Uint8Array} */
export function bytesOfText(text) {
  const plain = atob(text);
  const bytes = new Uint8Array(plain.length);
  for (let i = 0; i < plain.length; i++) bytes[i] = plain.charCodeAt(i);
  return bytes;
}

/** @param {Uint8Array} bytes deflated @returns {Promise<Uint8Array>} */
export async function inflate(bytes) {
  const stream = new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Tables by number, each unpacked when it is first asked for. */
export class Pack {
  /** @param {Head} head @param {Uint8Array} bytes inflated */
  constructor(head, bytes) {
    this.about = head.about;
    this.entries = head.tables;
    this.packed = bytes;
    /** @type {Map<number, Uint8Array>} */
    this.unpacked = new Map();
  }

  /** The bytes of a table. @param {number} number @returns {Uint8Array} */
  bytes(number) {
    const known = this.unpacked.get(number);
    if (known) return known;
    const { size, at, bytes } = this.entries[number];
    const records = size ? bytes / size : 0;
    const found = new Uint8Array(bytes);
    for (let plane = 0; plane < size; plane++) {
      let before = 0;
      for (let i = 0, from = at + plane * records; i < records; i++, from++) {
        before ^= this.packed[from];
        found[i * size + plane] = before;
      }
    }
    this.unpacked.set(number, found);
    return found;
  }

  /** A table of 8-byte floats. @param {number} number @returns {Float64Array} */
  floats(number) {
    const bytes = this.bytes(number);
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  }

  /** A table of whole numbers of 2 bytes. @param {number} number @returns {Uint16Array} */
  shorts(number) {
    const bytes = this.bytes(number);
    return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  }

  /** @param {number} number @returns {number[]} */
  shape(number) {
    return this.entries[number].shape;
  }
}

/** @param {Head} head @param {string} text base64 @returns {Promise<Pack>} */
export async function openPack(head, text) {
  return new Pack(head, await inflate(bytesOfText(text)));
}
