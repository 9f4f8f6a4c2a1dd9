package matching

import (
	"bufio"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/counting"
)

const (
	directoryHeader = "doublerandom/directory/v1"
	problemHeader   = "doublerandom/problem/v1"
)

// hashOf returns the hash of a text; a hash returns no error.
func hashOf(newHash func() hash.Hash, write func(b *bufio.Writer)) (id [32]byte) {
	h := newHash()
	b := bufio.NewWriterSize(h, 1<<12)
	write(b)
	b.Flush()
	h.Sum(id[:0])
	return id
}

func writeTo(w io.Writer, write func(b *bufio.Writer)) (int64, error) {
	c := &counting.Writer{W: w}
	b := bufio.NewWriterSize(c, 1<<16)
	write(b)
	err := b.Flush()
	return c.N, err
}

// WriteTo writes the directory's text. Inspectors are listed with what counts on
// the day: areas, roles and the kinds of valid certificates.
func (d *Directory) WriteTo(w io.Writer) (int64, error) { return writeTo(w, d.writeText) }

func (d *Directory) writeText(b *bufio.Writer) {
	fmt.Fprintf(b, "%s\ninspectors %d\n", directoryHeader, d.Len())
	areas, roles, kinds := listed(d.areas, d.Len()), listed(d.roles, d.Len()), listed(d.kinds, d.Len())
	for i, id := range d.ids {
		fmt.Fprintf(b, "inspector %s %d %d\n", id, d.capacity[i], d.carried[i])
		writeLines(b, "area", areas[i])
		writeLines(b, "role", roles[i])
		writeLines(b, "certificate", kinds[i])
	}
}

// WriteTo writes the problem's text, which names the directory by its ID.
func (p *Problem) WriteTo(w io.Writer) (int64, error) { return writeTo(w, p.writeText) }

func (p *Problem) writeText(b *bufio.Writer) {
	fmt.Fprintf(b, "%s\ndirectory %x\ntasks %d\n", problemHeader, p.dir.id, len(p.tasks))
	for t := range p.tasks {
		fmt.Fprintf(b, "task %s\n", p.tasks[t].id)
		first, end := p.team(int32(t))
		for q := first; q < end; q++ {
			asks := p.classes[p.places[q].class].asks
			fmt.Fprintf(b, "place %s %s %s\n", orNone(asks.Area), orNone(asks.Role), orNone(asks.Certificate))
		}
	}
	fmt.Fprintf(b, "exclusions %d\n", len(p.exclusions))
	for _, e := range p.exclusions {
		fmt.Fprintf(b, "exclusion %s %s %s\n", e.Task, e.Inspector, e.Reason)
	}
	fmt.Fprintf(b, "pairs %d\n", len(p.forbidden))
	for _, f := range p.forbidden {
		fmt.Fprintf(b, "pair %s %s %s\n", f.A, f.B, f.Reason)
	}
}

// listed turns lists of inspectors by label into sorted labels by inspector.
func listed(by map[string][]int32, n int) [][]string {
	lists := make([][]string, n)
	for label, inspectors := range by {
		for _, i := range inspectors {
			lists[i] = append(lists[i], label)
		}
	}
	for _, list := range lists {
		slices.Sort(list)
	}
	return lists
}

func writeLines(b *bufio.Writer, keyword string, items []string) {
	for _, item := range items {
		b.WriteString(keyword + " " + item + "\n")
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func sortRefusals(list []Refusal) {
	slices.SortFunc(list, func(x, y Refusal) int { return strings.Compare(x.Task, y.Task) })
}

func findTeam(teams []Team, task string) (int, bool) {
	return slices.BinarySearchFunc(teams, task, func(t Team, task string) int { return strings.Compare(t.Task, task) })
}
