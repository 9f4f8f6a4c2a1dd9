//go:build js && wasm

package main

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"unsafe"

	"github.com/doublerandom/doublerandom/draw"
)

// blocks takes a state of SHA-256 through n blocks of a message. It is written in
// WebAssembly (web/sha256.js), three times as fast as what Go makes of its own.
//
//go:wasmimport doublerandom blocks
//go:noescape
func blocks(state, message unsafe.Pointer, n uint32)

// suite returns the suite sha256 by that function, which NewSuite tests first.
func suite() (draw.Suite, error) {
	return draw.NewSuite("sha256", func() hash.Hash {
		d := new(digest)
		d.Reset()
		return d
	},
		draw.KnownAnswer{Message: "", Digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		draw.KnownAnswer{Message: "abc", Digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		draw.KnownAnswer{Message: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			Digest: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"})
}

// A digest is SHA-256 as a [hash.Hash].
type digest struct {
	state  [8]uint32
	tail   [2 * sha256.BlockSize]byte // what is not a whole block yet, and room to pad it
	used   int
	length uint64
}

func (d *digest) Reset() {
	d.state = [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}
	d.used, d.length = 0, 0
}

func (d *digest) Size() int      { return sha256.Size }
func (d *digest) BlockSize() int { return sha256.BlockSize }

func (d *digest) Write(p []byte) (int, error) {
	written := len(p)
	d.length += uint64(written)
	if d.used > 0 {
		n := copy(d.tail[d.used:sha256.BlockSize], p)
		d.used, p = d.used+n, p[n:]
		if d.used < sha256.BlockSize {
			return written, nil
		}
		blocks(unsafe.Pointer(&d.state), unsafe.Pointer(&d.tail), 1)
		d.used = 0
	}
	if n := len(p) / sha256.BlockSize; n > 0 {
		blocks(unsafe.Pointer(&d.state), unsafe.Pointer(unsafe.SliceData(p)), uint32(n))
		p = p[n*sha256.BlockSize:]
	}
	d.used = copy(d.tail[:], p)
	return written, nil
}

// Sum leaves the state alone, as the interface demands: the tail beyond d.used is
// nobody's.
func (d *digest) Sum(b []byte) []byte {
	n := 1
	if d.used+9 > sha256.BlockSize {
		n = 2
	}
	clear(d.tail[d.used : n*sha256.BlockSize])
	d.tail[d.used] = 0x80
	binary.BigEndian.PutUint64(d.tail[n*sha256.BlockSize-8:], 8*d.length)
	state := d.state
	blocks(unsafe.Pointer(&state), unsafe.Pointer(&d.tail), uint32(n))
	for _, word := range state {
		b = binary.BigEndian.AppendUint32(b, word)
	}
	return b
}
