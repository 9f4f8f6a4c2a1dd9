// The inner function of SHA-256 (FIPS 180-4) as a WebAssembly module of its own. Go
// compiles it to code three times as slow, and most of a verification are hashes.
// The Go program tests it against known answers before it is used, and the page's
// tests compare it with another implementation.
//
// The module is put together here, instruction by instruction, so that it can be read.

const K = [];
const H = (() => { // fractional parts of the cube roots of the first 64 primes
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes;
})();
for (const p of H) K.push(cubeRootFraction(p));

// cubeRootFraction returns the first 32 bits behind the point of n's cube root.
function cubeRootFraction(n) {
  const target = BigInt(n) << 96n; // (x/2^32)^3 = n
  let [low, high] = [0n, 8n << 32n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** 3n <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn) | 0;
}

function unsigned(n) {
  const bytes = [];
  do {
    const byte = n & 0x7f;
    n >>>= 7;
    bytes.push(n ? byte | 0x80 : byte);
  } while (n);
  return bytes;
}

function signed(n) {
  for (const bytes = []; ;) {
    const byte = n & 0x7f;
    n >>= 7;
    if ((n === 0 && !(byte & 0x40)) || (n === -1 && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

// Instructions. A local is named by its number.
const get = (local) => [0x20, ...unsigned(local)];
const set = (local) => [0x21, ...unsigned(local)];
const constant = (n) => [0x41, ...signed(n)];
const load = (offset) => [0x28, 2, ...unsigned(offset)];
const store = (offset) => [0x36, 2, ...unsigned(offset)];
const [add, and, or, xor, shiftRight, rotateRight] = [[0x6a], [0x71], [0x72], [0x73], [0x76], [0x78]];

const [state, block, count, temp] = [0, 1, 2, 3];
const differs = (i) => 4 + (i % 2);       // a ⊕ b of a round, and of the round before
const word = (i) => 6 + (i % 16);         // of the message schedule
const variable = (i) => 22 + (((i % 8) + 8) % 8); // a to h; they turn instead of moving

const rotated = (local, n) => [...get(local), ...constant(n), ...rotateRight];
const sigma = (local, x, y, z) => [...rotated(local, x), ...rotated(local, y), ...xor, ...rotated(local, z), ...xor];
const small = (local, x, y, z) => [...rotated(local, x), ...rotated(local, y), ...xor, ...get(local), ...constant(z), ...shiftRight, ...xor];

function round(i) {
  const code = [];
  const [a, b, , d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => variable(n - i));
  if (i < 16) { // big-endian words of the block
    code.push(...get(block), ...load(4 * i), ...set(temp),
      ...rotated(temp, 24), ...constant(0x00ff00ff), ...and, ...rotated(temp, 8), ...constant(0xff00ff00 | 0), ...and, ...or, ...set(word(i)));
  } else {
    code.push(...get(word(i)), ...small(word(i + 1), 7, 18, 3), ...add, ...get(word(i + 9)), ...add, ...small(word(i + 14), 17, 19, 10), ...add, ...set(word(i)));
  }
  // temp = h + Σ1(e) + Ch(e, f, g) + K + W
  code.push(...get(h), ...sigma(e, 6, 11, 25), ...add, ...get(f), ...get(g), ...xor, ...get(e), ...and, ...get(g), ...xor, ...add,
    ...constant(K[i]), ...add, ...get(word(i)), ...add, ...set(temp));
  // d += temp; h = temp + Σ0(a) + Maj(a, b, c)
  code.push(...get(d), ...get(temp), ...add, ...set(d));
  // Maj(a, b, c) = b ⊕ ((a ⊕ b) ∧ (b ⊕ c)), where b ⊕ c is the last round's a ⊕ b.
  code.push(...get(temp), ...sigma(a, 2, 13, 22), ...add,
    ...get(a), ...get(b), ...xor, 0x22, differs(i), ...get(differs(i + 1)), ...and, ...get(b), ...xor, ...add, ...set(h));
  return code;
}

// moduleBytes returns the module. It imports a memory as env.memory and exports
// blocks(state, message, n), which takes the state, eight words, through n blocks of 64
// bytes; both are addresses.
export function moduleBytes() {
  const body = [0x03, 0x40]; // loop
  for (let i = 0; i < 8; i++) body.push(...get(state), ...load(4 * i), ...set(variable(i)));
  body.push(...get(variable(1)), ...get(variable(2)), ...xor, ...set(differs(1)));
  for (let i = 0; i < 64; i++) body.push(...round(i));
  for (let i = 0; i < 8; i++) body.push(...get(state), ...get(state), ...load(4 * i), ...get(variable(i)), ...add, ...store(4 * i));
  body.push(...get(block), ...constant(64), ...add, ...set(block), ...get(count), ...constant(-1), ...add, 0x22, count, 0x0d, 0, 0x0b, 0x0b);
  const i32 = 0x7f;
  const code = [1, ...unsigned(27), i32, ...body]; // 27 locals beside the three arguments
  const name = (s) => [s.length, ...new TextEncoder().encode(s)];
  const section = (id, content) => [id, ...unsigned(content.length), ...content];
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 3, i32, i32, i32, 0]),
    ...section(2, [1, ...name('env'), ...name('memory'), 2, 0, 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('blocks'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code])]);
}

// hasher returns the function blocks for a memory.
export function hasher(memory) {
  return new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()), { env: { memory } }).exports.blocks;
}
