// Package journal is an append-only journal: records chained by their hashes, so
// that who changes, removes or reorders one is found, and a Merkle tree over them
// (RFC 6962), so that one record can be proved to who does not have the rest.
//
// [New] begins a journal and [Journal.Append] adds a record, each writing a line
// to the journal's file. [Read] reads the file again and reports the first line
// that is not as it was written, as a *[LineError]. [Journal.Head] is what is
// published, in a signed note or a newspaper: [Journal.Check] compares a journal
// with heads published before, which finds what the chain alone cannot, lines
// missing at the end and a chain that was computed anew. [Journal.Prove] and
// [CheckRecord] prove that a record is in the journal of a head,
// [Journal.ProveConsistency] and [CheckConsistency] that the journal of one head
// is the beginning of that of another.
//
// # The file
//
// It is JSON Lines in UTF-8; each line ends with a newline, and has one spelling
// without a space between its parts. The first line is the header:
//
//	{"format":"doublerandom/journal/v1","suite":"sha256","origin":"inspections.example/2026"}
//
// with the name of the hash function and of the journal, in both of which " and \
// are spelled \" and \\. Record i, counted from 0, is on line i+2:
//
//	{"index":0,"previous":"3b3f…","record":{"visit":"V1"},"hash":"9a0c…"}
//
// The record's bytes are kept as they were given. With H the hash function and
// hashes in lower-case hexadecimal, hash is H of the line's bytes before ,"hash":
// and previous is the hash of the line before; that of record 0 is H of the
// header without its newline. So any tool can check a line:
//
//	sed -n '2s/,"hash":"[0-9a-f]*"}$//p' journal.jsonl | tr -d '\n' | sha256sum
//
// The tree's leaf i is the 32 bytes of the hash of record i.
//
// A record is an object in JSON of at most [MaxRecord] bytes. It begins with a
// brace, ends with one, and has no control characters, U+2028 or U+2029, so that it is
// one line for every reader; objects and lists are at most 64 deep. The journal
// looks no further into it: what it means, and that it has one spelling, is its
// writer's concern.
package journal

import (
	"fmt"
	"hash"
	"io"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/merkle"
)

// A Hash is a digest of 32 bytes.
type Hash = digest.Sum

// A Suite is a hash function with 32-byte digests and its name, such as sha256
// with crypto/sha256.New. The name is 1–64 bytes of UTF-8 without spaces and control
// characters.
type Suite struct {
	Name string           // stands in the journal's header and heads
	New  func() hash.Hash // trusted to be what the name says
}

func (s Suite) check() (digest.Func, error) {
	if text := label.Check(s.Name); text != "" {
		return digest.Func{}, fmt.Errorf("journal: suite name %s", text)
	}
	f, err := digest.New(s.New)
	if err != nil {
		return digest.Func{}, fmt.Errorf("journal: suite %q: %w", s.Name, err)
	}
	return f, nil
}

// A Journal is the chain and the tree of records. It keeps 33 bytes a record, not
// the records. The zero Journal is not valid; see [New] and [Read].
//
// It is safe for concurrent use, but not while Append is called.
type Journal struct {
	suite  Suite
	origin string
	first  Hash // of the header
	hasher *digest.Hasher
	hashes []Hash // of the records
	tree   *merkle.Log
	line   []byte // kept, so that a record costs no allocation
	broken error  // of the write that failed
}

// An Entry is a record with its place in the chain.
type Entry struct {
	Index    uint64 // counted from 0
	Previous Hash   // hash of the record before, or of the header
	Record   []byte // an object in JSON
	Hash     Hash   // over the other three
}

// New returns a journal without records, and writes its header to w. Its origin
// tells it from all other journals: 1–64 bytes of UTF-8 without spaces and control
// characters, by custom a host name and a path. The error says what is wrong with
// the suite or origin, or is w's.
func New(w io.Writer, suite Suite, origin string) (*Journal, error) {
	j, err := empty(suite, origin)
	if err != nil {
		return nil, err
	}
	if err := write(w, append(j.header(), '\n')); err != nil {
		return nil, fmt.Errorf("journal: writing the header: %w", err)
	}
	return j, nil
}

func empty(suite Suite, origin string) (*Journal, error) {
	f, err := suite.check()
	if err != nil {
		return nil, err
	}
	if text := label.Check(origin); text != "" {
		return nil, fmt.Errorf("journal: origin %s", text)
	}
	j := &Journal{suite: suite, origin: origin, hasher: f.Hasher()}
	j.tree, err = merkle.NewLog(suite.New, func(i int, buf []byte) []byte { return append(buf, j.hashes[i][:]...) })
	if err != nil {
		return nil, fmt.Errorf("journal: suite %q: %w", suite.Name, err)
	}
	j.first = j.hasher.Sum(j.header())
	return j, nil
}

func (j *Journal) header() []byte { return appendHeader(nil, j.suite.Name, j.origin) }

// Append writes the line of the record to w, in one Write, and adds the record to
// the journal. It copies what it needs of record. It is an error if record is not
// what the package comment says, and the journal is then as it was.
//
// It is an error, too, if w fails. The file may then end with a part of a line, so
// the journal takes no more records: read the file again. What w has taken may
// still be lost in a crash; flush and sync it before the head is published.
func (j *Journal) Append(w io.Writer, record []byte) (Entry, error) {
	if j.broken != nil {
		return Entry{}, fmt.Errorf("journal: record %d: an earlier write failed: %w", j.Len(), j.broken)
	}
	if text := recordProblem(record); text != "" {
		return Entry{}, fmt.Errorf("journal: record %d: %s", j.Len(), text)
	}
	e := Entry{Index: j.Len(), Previous: j.last(), Record: record}
	line := appendStart(j.line[:0], e.Index, e.Previous)
	line = append(line, record...)
	e.Hash = j.hasher.Sum(line)
	line = append(appendEnd(line, e.Hash), '\n')
	j.line = line
	if err := write(w, line); err != nil {
		j.broken = err
		return Entry{}, fmt.Errorf("journal: writing record %d: %w", e.Index, err)
	}
	j.add(e.Hash)
	return e, nil
}

func write(w io.Writer, line []byte) error {
	n, err := w.Write(line)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	return err
}

// add adds the hash of the next record.
func (j *Journal) add(h Hash) {
	j.hashes = append(j.hashes, h)
	j.tree.Grow(len(j.hashes))
}

// last returns the hash of the last record, or of the header.
func (j *Journal) last() Hash { return j.previous(j.Len()) }

// previous returns what precedes record i.
func (j *Journal) previous(i uint64) Hash {
	if i == 0 {
		return j.first
	}
	return j.hashes[i-1]
}

// Len returns the number of records.
func (j *Journal) Len() uint64 { return uint64(len(j.hashes)) }

// Suite returns the journal's suite.
func (j *Journal) Suite() Suite { return j.suite }

// Origin returns the journal's name.
func (j *Journal) Origin() string { return j.origin }

// Hash returns the hash of record i. It is an error if there is none.
func (j *Journal) Hash(i uint64) (Hash, error) {
	if i >= j.Len() {
		return Hash{}, fmt.Errorf("journal: record %d is not in a journal of %d", i, j.Len())
	}
	return j.hashes[i], nil
}
