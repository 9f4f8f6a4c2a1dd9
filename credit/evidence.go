package credit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/merkle"
	"github.com/doublerandom/doublerandom/registry"
)

// A Hash is a SHA-256 digest. Its text is 64 lower-case hexadecimal digits.
type Hash [32]byte

// String returns the digest as 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText returns the text of [Hash.String].
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText sets h to the digest that text spells. If text is malformed, h is unchanged.
func (h *Hash) UnmarshalText(text []byte) error {
	var parsed Hash
	if len(text) == 2*len(parsed) {
		if _, err := hex.Decode(parsed[:], text); err == nil && parsed.String() == string(text) {
			*h = parsed
			return nil
		}
	}
	return fmt.Errorf("credit: digest %s: expected 64 lower-case hexadecimal digits", label.Quote(string(text)))
}

// ChunkSize is the size of the chunks of evidence in bytes: 1 MiB.
const ChunkSize = 1 << 20

// A Digest fixes a file: a recording of a draw, a video of a visit, a photo, a document.
type Digest struct {
	Size   uint64 `json:"size"`   // in bytes
	SHA256 Hash   `json:"sha256"` // of the whole file, as sha256sum prints it
	// Chunks is the root of the Merkle tree (RFC 6962, with SHA-256) whose leaves are the SHA-256
	// digests of the file's chunks of ChunkSize bytes, the last being shorter: it shows of a
	// part of a long video that it is the part that was uploaded.
	Chunks Hash `json:"chunks"`
}

// A Digester computes the digest of a file while it is uploaded, in pieces of any size. The zero
// Digester is of an empty file. It holds 32 bytes for each chunk and is not safe for concurrent use.
type Digester struct {
	whole, chunk hash.Hash
	size         uint64
	chunks       [][32]byte // of the complete chunks
}

// Write adds a piece. It never returns an error.
func (d *Digester) Write(p []byte) (int, error) {
	d.start()
	for rest := p; len(rest) > 0; {
		n := min(len(rest), ChunkSize-int(d.size%ChunkSize))
		d.whole.Write(rest[:n]) // a hash returns no error
		d.chunk.Write(rest[:n])
		if d.size += uint64(n); d.size%ChunkSize == 0 {
			d.chunks = append(d.chunks, [32]byte(d.chunk.Sum(nil)))
			d.chunk.Reset()
		}
		rest = rest[n:]
	}
	return len(p), nil
}

func (d *Digester) start() {
	if d.whole == nil {
		d.whole, d.chunk = sha256.New(), sha256.New()
	}
}

// all returns the digests of all chunks, with the last one that is not full.
func (d *Digester) all() [][32]byte {
	d.start()
	if d.size%ChunkSize == 0 {
		return d.chunks
	}
	return append(d.chunks[:len(d.chunks):len(d.chunks)], [32]byte(d.chunk.Sum(nil)))
}

func (d *Digester) tree() *merkle.Tree {
	chunks := d.all()
	tree, err := merkle.New(sha256.New, len(chunks), func(i int, buf []byte) []byte { return append(buf, chunks[i][:]...) })
	if err != nil {
		panic("credit: " + err.Error()) // SHA-256 has 32 bytes
	}
	return tree
}

// Chunks returns the SHA-256 digests of the chunks so far: who sends the file can compare them with
// those of the sender and send a chunk again.
func (d *Digester) Chunks() []Hash {
	var list []Hash
	for _, c := range d.all() {
		list = append(list, c)
	}
	return list
}

// Digest returns the digest of what was written so far.
func (d *Digester) Digest() Digest {
	d.start()
	return Digest{Size: d.size, SHA256: Hash(d.whole.Sum(nil)), Chunks: Hash(d.tree().Root())}
}

// Prove returns the proof that chunk i, counted from 0, is a chunk of the file. It panics if the file
// does not have it.
func (d *Digester) Prove(i int) []Hash {
	var path []Hash
	for _, h := range d.tree().Prove(i) {
		path = append(path, Hash(h))
	}
	return path
}

// CheckChunk returns nil if the proof shows that chunk is chunk i of the file with the digest.
func (d Digest) CheckChunk(i uint64, chunk []byte, proof []Hash) error {
	n := d.Size / ChunkSize
	if d.Size%ChunkSize > 0 {
		n++
	}
	if i >= n {
		return fmt.Errorf("credit: chunk %d of a file of %d chunks", i, n)
	}
	if expected := min(ChunkSize, d.Size-i*ChunkSize); uint64(len(chunk)) != expected {
		return fmt.Errorf("credit: chunk %d has %d bytes, expected %d", i, len(chunk), expected)
	}
	if len(proof) > 64 {
		return fmt.Errorf("credit: chunk %d: proof of %d hashes, expected at most 64", i, len(proof))
	}
	path := make([]merkle.Hash, len(proof))
	for k, h := range proof {
		path[k] = merkle.Hash(h)
	}
	leaf := sha256.Sum256(chunk)
	if err := merkle.Check(sha256.New, merkle.Hash(d.Chunks), n, i, leaf[:], path); err != nil {
		return fmt.Errorf("credit: chunk %d: %w", i, err)
	}
	return nil
}

// An EvidenceKind is a kind of evidence.
type EvidenceKind uint8

// The kinds of evidence. Their texts appear in entries.
const (
	Photo         EvidenceKind = iota + 1 // "photo"
	Video                                 // "video": of a visit
	Audio                                 // "audio"
	Document                              // "document": a form, a statement, a test report
	DrawRecording                         // "draw-recording": a video of the public draw
	Signature                             // "signature": of the inspected party
)

var evidenceKinds = [...]string{"", "photo", "video", "audio", "document", "draw-recording", "signature"}

// String returns the kind's text, such as "photo".
func (k EvidenceKind) String() string { return wordOf(evidenceKinds[:], uint8(k), "EvidenceKind") }

// MarshalText returns the text of [EvidenceKind.String].
func (k EvidenceKind) MarshalText() ([]byte, error) {
	return marshalWord(evidenceKinds[:], uint8(k), "kind of evidence")
}

// UnmarshalText sets k to the kind that text spells; if text is malformed, k is unchanged.
func (k *EvidenceKind) UnmarshalText(text []byte) error {
	return unmarshalWord(evidenceKinds[:], (*uint8)(k), text, "kind of evidence")
}

// Evidence is a file that is kept elsewhere, fixed by its digest.
type Evidence struct {
	Kind   EvidenceKind  `json:"kind"` // what it is
	Digest               // that fixes it
	Taken  time.Time     `json:"taken"` // whole seconds in UTC
	Where  Position      `json:"where"` // zero if not known
	Keep   registry.Date `json:"keep"`  // the last day on which it must be kept
}

func (e *Evidence) problem() string {
	switch {
	case !known(evidenceKinds[:], uint8(e.Kind)):
		return "kind: is missing"
	case e.Size == 0:
		return "size: is 0, expected at least 1 byte"
	case e.Size > 1<<50:
		return fmt.Sprintf("size: is %d, expected at most 2^50 bytes", e.Size)
	case e.SHA256 == Hash{} || e.Chunks == Hash{}:
		return "digest: is missing"
	case e.Keep.IsZero():
		return "keep: is missing"
	case !e.Where.IsZero() && e.Where.problem() != "":
		return "where: " + e.Where.problem()
	}
	return instantProblem("taken", e.Taken)
}
