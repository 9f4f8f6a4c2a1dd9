package registry

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// An Exclusion is an entity that is left out of a frame, and why.
type Exclusion struct {
	ID     string // its ID
	Reason string // a reason code, such as ReasonStatus; 1–64 bytes without spaces
}

// Exclusions are the entities left out of a frame, sorted by the bytes of their
// IDs, each once. They are immutable and safe for concurrent use; the zero
// Exclusions are none.
type Exclusions struct {
	rows   []Exclusion
	counts []ReasonCount
}

// A ReasonCount is how many entities are left out for one reason.
type ReasonCount struct {
	Reason string // the reason code
	Count  int    // entities left out for it
}

// finish sorts and counts the rows.
func (x *Exclusions) finish() {
	slices.SortFunc(x.rows, func(a, b Exclusion) int { return strings.Compare(a.ID, b.ID) })
	counts := map[string]int{}
	for _, row := range x.rows {
		counts[row.Reason]++
	}
	for reason, count := range counts {
		x.counts = append(x.counts, ReasonCount{reason, count})
	}
	slices.SortFunc(x.counts, func(a, b ReasonCount) int { return strings.Compare(a.Reason, b.Reason) })
}

// Len returns the number of entities left out.
func (x *Exclusions) Len() int { return len(x.rows) }

// All returns the exclusions in the order of ID bytes.
func (x *Exclusions) All() iter.Seq[Exclusion] { return slices.Values(x.rows) }

// Counts returns how many entities are left out for each reason, in the order of
// the reasons' bytes. The counts add up to [Exclusions.Len].
func (x *Exclusions) Counts() []ReasonCount { return slices.Clone(x.counts) }

// Reason returns the reason for which an entity is left out, and whether it is.
func (x *Exclusions) Reason(id string) (string, bool) {
	i, ok := sort.Find(len(x.rows), func(i int) int { return strings.Compare(id, x.rows[i].ID) })
	if !ok {
		return "", false
	}
	return x.rows[i].Reason, true
}

// WriteTo writes the exclusions' one text to w: a line "id reason" for each, in
// the order of ID bytes. It returns the number of bytes written and w's first
// error.
func (x *Exclusions) WriteTo(w io.Writer) (int64, error) {
	var n int64
	buf := make([]byte, 0, 64<<10)
	for i, row := range x.rows {
		buf = append(append(buf, row.ID...), ' ')
		buf = append(append(buf, row.Reason...), '\n')
		if len(buf) > cap(buf)-2*maxID-2 || i == len(x.rows)-1 {
			m, err := w.Write(buf)
			n += int64(m)
			if err != nil {
				return n, err
			}
			buf = buf[:0]
		}
	}
	return n, nil
}

// ParseExclusions reads the text that [Exclusions.WriteTo] writes and accepts
// nothing else. An error in a line is a *[LineError].
func ParseExclusions(r io.Reader) (*Exclusions, error) {
	x := new(Exclusions)
	lines := lineReader{what: "exclusions", most: 2*maxID + 1, r: bufio.NewReaderSize(r, 64<<10)}
	for {
		line, err := lines.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		id, reason, ok := strings.Cut(string(line), " ")
		if !ok {
			return nil, lines.error(fmt.Sprintf(`%s is not "id reason"`, label.Quote(string(line))))
		}
		if text := badLabel("id", id); text != "" {
			return nil, lines.error(text)
		}
		if text := badLabel("reason", reason); text != "" {
			return nil, lines.error(text)
		}
		if n := len(x.rows); n > 0 && x.rows[n-1].ID >= id {
			return nil, lines.error(fmt.Sprintf("id %q is not above %q of the line before", id, x.rows[n-1].ID))
		}
		x.rows = append(x.rows, Exclusion{id, reason})
	}
	x.finish()
	return x, nil
}
