/**
 * The module's memory: tables laid out in it by name, and its functions called with them as numba calls them.
 *
 * @typedef {{size: number, fields: Record<string, [string, number]>}} RecordLayout
 * @typedef {{array?: string, dimensions?: number, size?: number, record?: RecordLayout, number?: string}} TableLayout
 * @typedef {{tables: Record<string, TableLayout>, functions: Record<string, {takes: string[], returns: string | null}>,
 *   names: Record<string, string[]>, counts: any, rules: string, dealt: number, together: number}} Interface
 * @typedef {{at: number, shape: number[], size: number, bytes: number}} Place
 */

const PAGE = 65536;
const LENT = 1 << 20; // bytes that sorting and tallies may borrow, far more than they need

/** Typed arrays by kind of number. */
const ARRAYS = {
  f8: Float64Array,
  i8: BigInt64Array,
  i4: Int32Array,
  i1: Int8Array,
  b1: Uint8Array,
};

export class Memory {
  /** @type {Record<string, Place>} */
  places = {};
  /** @type {Record<string, number>} */
  numbers = {};
  /** Where what is laid out ends. */
  end = 0;
  result = 0;
  error = 0;
  seen = new DataView(new ArrayBuffer(0));

  /** @param {WebAssembly.Module} module @param {Interface} known */
  constructor(module, known) {
    this.known = known;
    /** @type {any} */
    this.exports = new WebAssembly.Instance(module, {}).exports;
    this.clear();
  }

  /** Forget every table. */
  clear() {
    this.places = {};
    this.numbers = {};
    this.end = this.exports.__heap_base.value;
    this.result = this.reserve(64);
    this.error = this.reserve(64);
  }

  /** Room for so many bytes, of zeros. @param {number} bytes @returns {number} */
  reserve(bytes) {
    const at = (this.end + 15) & ~15;
    this.end = at + bytes;
    const memory = /** @type {WebAssembly.Memory} */ (this.exports.memory);
    const missing = this.end + LENT - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    new Uint8Array(memory.buffer, at, bytes).fill(0);
    return at;
  }

  /**
   * Room for a table of a shape, of zeros.
   * @param {string} name @param {number[]} shape
   */
  lay(name, shape = []) {
    const layout = this.layout(name);
    if ((layout.dimensions ?? 0) !== shape.length) throw new Error(`${name}: ${shape.length} dimensions`);
    const size = layout.array ? (layout.size ?? 0) : (layout.record?.size ?? 0);
    const bytes = shape.reduce((all, each) => all * each, size);
    this.places[name] = { at: this.reserve(bytes), shape, size, bytes };
  }

  /** Let a name stand for a table that has another one already. @param {string} name @param {string} other @param {number[]} shape */
  alias(name, other, shape) {
    const { at, bytes } = this.places[other];
    this.places[name] = { at, bytes, shape, size: bytes / Math.max(1, shape.reduce((all, each) => all * each, 1)) };
  }

  /** @param {string} name @returns {TableLayout} */
  layout(name) {
    const found = this.known.tables[name];
    if (!found) throw new Error(`no table ${name}`);
    return found;
  }

  /** The bytes of a table, as they are now. @param {string} name @returns {Uint8Array} */
  bytes(name) {
    const { at, bytes } = this.places[name];
    return new Uint8Array(this.exports.memory.buffer, at, bytes);
  }

  /** A table of numbers, as it is now. @param {string} name @returns {any} */
  array(name) {
    const { at, bytes, size } = this.places[name];
    const kind = /** @type {keyof typeof ARRAYS} */ (this.layout(name).array);
    return new ARRAYS[kind](this.exports.memory.buffer, at, bytes / size);
  }

  /** @param {string} name @param {ArrayLike<any>} values */
  fill(name, values) {
    this.array(name).set(values);
  }

  /** The memory as it is now: it is another one after it has grown. @returns {DataView} */
  get view() {
    const { buffer } = /** @type {WebAssembly.Memory} */ (this.exports.memory);
    if (this.seen.buffer !== buffer) this.seen = new DataView(buffer);
    return this.seen;
  }

  /** A column of a table of records. @param {string} name @param {string} field @returns {Float64Array} */
  column(name, field) {
    const { at, size, bytes } = this.places[name];
    const [kind, offset] = this.field(name, field);
    const { view } = this;
    return Float64Array.from({ length: bytes / size }, (_, i) => read(view, kind, at + i * size + offset));
  }

  /**
   * Set a field of all records of a table.
   * @param {string} name @param {string} field @param {(row: number) => number} value
   */
  setColumn(name, field, value) {
    const { at, size, bytes } = this.places[name];
    const [kind, offset] = this.field(name, field);
    const { view } = this;
    for (let row = 0; row < bytes / size; row++) write(view, kind, at + row * size + offset, value(row));
  }

  /** A field of a record. @param {string} name @param {string} field @param {number} [row] @returns {number} */
  get(name, field, row = 0) {
    const { at, size } = this.places[name];
    const [kind, offset] = this.field(name, field);
    return read(this.view, kind, at + row * size + offset);
  }

  /** @param {string} name @param {string} field @param {number} value @param {number} [row] */
  set(name, field, value, row = 0) {
    const { at, size } = this.places[name];
    const [kind, offset] = this.field(name, field);
    write(this.view, kind, at + row * size + offset, value);
  }

  /** @param {string} name @param {string} field @returns {[string, number]} */
  field(name, field) {
    const found = this.layout(name).record?.fields[field];
    if (!found) throw new Error(`no field ${field} in ${name}`);
    return found;
  }

  /**
   * Call a function with the tables and numbers that bear the names of its arguments.
   * @param {string} name @returns {number} what it returns; 0 for nothing
   */
  call(name) {
    const { takes, returns } = this.known.functions[name];
    /** @type {(number | bigint)[]} */
    const given = [this.result, this.error];
    for (const each of takes) this.give(given, each);
    this.exports.lend_from((this.end + 15) & ~15);
    const status = this.exports[name](...given);
    // -2 stands for a result of None
    if (status !== 0 && status !== -2) throw new Error(`${name} failed (${status})`);
    const { view } = this;
    if (returns === "i8") return Number(view.getBigInt64(this.result, true));
    return returns === "f8" ? view.getFloat64(this.result, true) : 0;
  }

  /** @param {(number | bigint)[]} given @param {string} name */
  give(given, name) {
    const layout = this.layout(name);
    if (layout.number) {
      const value = this.numbers[name];
      if (value === undefined) throw new Error(`no number ${name}`);
      given.push(layout.number === "i8" ? BigInt(value) : value);
      return;
    }
    const place = this.places[name];
    if (!place) throw new Error(`table ${name} is not laid out`);
    if (!layout.array) {
      given.push(place.at);
      return;
    }
    // an array is given as: nobody who owns it (twice), how many, bytes of each, where, lengths, strides
    const many = place.shape.reduce((all, each) => all * each, 1);
    given.push(0, 0, BigInt(many), BigInt(place.size), place.at, ...place.shape.map(BigInt));
    const strides = place.shape.map((_, i) => place.shape.slice(i + 1).reduce((all, each) => all * each, place.size));
    given.push(...strides.map(BigInt));
  }
}

/** @param {DataView} view @param {string} kind @param {number} at @returns {number} */
function read(view, kind, at) {
  if (kind === "f8") return view.getFloat64(at, true);
  if (kind === "i8") return Number(view.getBigInt64(at, true));
  return kind === "i4" ? view.getInt32(at, true) : view.getInt8(at);
}

/** @param {DataView} view @param {string} kind @param {number} at @param {number} value */
function write(view, kind, at, value) {
  if (kind === "f8") view.setFloat64(at, value, true);
  else if (kind === "i8") view.setBigInt64(at, BigInt(value), true);
  else if (kind === "i4") view.setInt32(at, value, true);
  else view.setInt8(at, value);
}
