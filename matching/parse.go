package matching

import (
	"bytes"
	"fmt"
	"hash"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// MaxInput is the greatest length in bytes of the text of a directory or a problem.
const MaxInput = 1 << 28

// ParseDirectory reads a directory's text, as [Directory.WriteTo] writes it and not
// otherwise. Its certificates are valid on the day that the text is for.
func ParseDirectory(newHash func() hash.Hash, text []byte) (*Directory, error) {
	p := &inputParser{what: "directory"}
	if err := p.begin(text, directoryHeader); err != nil {
		return nil, err
	}
	inspectors := make([]Inspector, 0, min(p.count("inspectors"), len(text)/16))
	for p.problem == "" && p.left > 0 {
		in := Inspector{}
		f := p.fields("inspector", 3)
		if p.problem != "" {
			break
		}
		in.ID, in.Capacity, in.Carried = f[0], p.number(f[1], MaxCapacity), p.number(f[2], MaxCarried)
		for p.next("area ") {
			in.Areas = append(in.Areas, p.fields("area", 1)...)
		}
		for p.next("role ") {
			in.Roles = append(in.Roles, p.fields("role", 1)...)
		}
		for p.next("certificate ") {
			for _, kind := range p.fields("certificate", 1) {
				in.Certificates = append(in.Certificates, Certificate{Kind: kind})
			}
		}
		inspectors = append(inspectors, in)
		p.left--
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	d, err := NewDirectory(newHash, "9999-12-31", inspectors)
	if err != nil {
		return nil, err
	}
	var again bytes.Buffer
	d.WriteTo(&again) // a bytes.Buffer returns no error
	if err := p.compare(again.Bytes()); err != nil {
		return nil, err
	}
	return d, nil
}

// ParseProblem reads the text of a problem over this directory, as
// [Problem.WriteTo] writes it and not otherwise.
func (d *Directory) ParseProblem(text []byte) (*Problem, error) {
	p := &inputParser{what: "problem"}
	if err := p.begin(text, problemHeader); err != nil {
		return nil, err
	}
	if id := p.fields("directory", 1); p.problem == "" && id[0] != fmt.Sprintf("%x", d.id) {
		p.problem = fmt.Sprintf("directory %s, expected %x", label.Quote(id[0]), d.id)
	}
	var tasks []Task
	for p.count("tasks"); p.problem == "" && p.left > 0; p.left-- {
		t := Task{}
		for _, id := range p.fields("task", 1) {
			t.ID = id
		}
		for p.next("place ") {
			if f := p.fields("place", 3); p.problem == "" {
				t.Places = append(t.Places, Place{fromNone(f[0]), fromNone(f[1]), fromNone(f[2])})
			}
		}
		tasks = append(tasks, t)
	}
	var exclusions []Exclusion
	for p.count("exclusions"); p.problem == "" && p.left > 0; p.left-- {
		if f := p.fields("exclusion", 3); p.problem == "" {
			exclusions = append(exclusions, Exclusion{f[0], f[1], f[2]})
		}
	}
	var forbidden []Pair
	for p.count("pairs"); p.problem == "" && p.left > 0; p.left-- {
		if f := p.fields("pair", 3); p.problem == "" {
			forbidden = append(forbidden, Pair{f[0], f[1], f[2]})
		}
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	out, err := d.Problem(tasks, exclusions, forbidden)
	if err != nil {
		return nil, err
	}
	var again bytes.Buffer
	out.WriteTo(&again)
	if err := p.compare(again.Bytes()); err != nil {
		return nil, err
	}
	return out, nil
}

func fromNone(s string) string {
	if s == "none" {
		return ""
	}
	return s
}

// An inputParser reads the lines of a directory or a problem. After a problem it does
// nothing more.
type inputParser struct {
	what, whole, rest string
	n                 int // lines read
	left              int // entries that are still to come
	problem           string
}

func (p *inputParser) begin(text []byte, header string) error {
	if len(text) > MaxInput {
		return fmt.Errorf("matching: %s has %d bytes, expected at most %d", p.what, len(text), MaxInput)
	}
	p.whole = string(text)
	p.rest = p.whole
	p.fields(header, 0)
	return nil
}

func (p *inputParser) next(prefix string) bool {
	return p.problem == "" && strings.HasPrefix(p.rest, prefix)
}

// fields returns the fields of the next line, which has a keyword and so many.
func (p *inputParser) fields(keyword string, n int) []string {
	if p.problem != "" {
		return nil
	}
	p.n++
	line, rest, ok := strings.Cut(p.rest, "\n")
	words := strings.Split(line, " ")
	if !ok || words[0] != keyword || len(words) != n+1 {
		p.problem = fmt.Sprintf("%s, expected %q, %d fields and a newline", label.Quote(line), keyword, n)
		return nil
	}
	p.rest = rest
	return words[1:]
}

func (p *inputParser) number(s string, most uint64) int {
	n, problem := natural(s, most)
	if problem != "" && p.problem == "" {
		p.problem = problem
	}
	return int(n)
}

// count reads how many entries follow.
func (p *inputParser) count(keyword string) int {
	p.left = 0
	if f := p.fields(keyword, 1); p.problem == "" {
		p.left = p.number(f[0], maxEdges)
	}
	return p.left
}

func (p *inputParser) end() error {
	if p.problem == "" && p.rest != "" {
		p.n++
		line, _, _ := strings.Cut(p.rest, "\n")
		p.problem = fmt.Sprintf("%s, expected the end", label.Quote(line))
	}
	if p.problem != "" {
		return fmt.Errorf("matching: %s line %d: %s", p.what, p.n, p.problem)
	}
	return nil
}

// compare returns an error if the text is another than it should be: something is not
// sorted, or there twice.
func (p *inputParser) compare(again []byte) error {
	if string(again) == p.whole {
		return nil
	}
	n := 1
	have, want := p.whole, string(again)
	for {
		h, restHave, _ := strings.Cut(have, "\n")
		w, restWant, _ := strings.Cut(want, "\n")
		if h != w {
			return fmt.Errorf("matching: %s line %d is %s, expected %s: entries are sorted, each once", p.what, n, label.Quote(h), label.Quote(w))
		}
		have, want, n = restHave, restWant, n+1
	}
}
