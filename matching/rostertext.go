package matching

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/counting"
	"github.com/doublerandom/doublerandom/internal/label"
)

const rosterHeader = "doublerandom/roster/v1"

// maxLine bounds a line of a roster: a refusal with the most single inspectors.
const maxLine = 1 << 20

// WriteTo writes the roster's one text.
func (r *Roster) WriteTo(w io.Writer) (int64, error) {
	c := &counting.Writer{W: w}
	b := bufio.NewWriterSize(c, 1<<16)
	fmt.Fprintf(b, "%s\nproblem %x\nkey %x\nteams %d\nrefused %d\nregions %d\nsquares %d\n",
		rosterHeader, r.problem, r.key, len(r.teams), len(r.refused), len(r.regions), r.squares)
	for i := range r.teams {
		b.WriteString("team " + r.teams[i].Task)
		writeWords(b, r.teams[i].Inspectors)
	}
	for i := range r.refused {
		x := &r.refused[i]
		fmt.Fprintf(b, "refused %s %d %s", x.Task, x.Region, numbers(x.Places))
		writeWords(b, x.Single)
	}
	for i := range r.regions {
		g := &r.regions[i]
		fmt.Fprintf(b, "region %d %d %d %d\n", g.Need, g.Room, len(g.Inspectors), len(g.Single))
		writeLines(b, "inspector", g.Inspectors)
		for _, s := range g.Single {
			fmt.Fprintf(b, "single %s %s\n", s.Task, s.Inspector)
		}
	}
	err := b.Flush()
	return c.N, err
}

func writeWords(b *bufio.Writer, words []string) {
	for _, word := range words {
		b.WriteString(" " + word)
	}
	b.WriteByte('\n')
}

func numbers(list []int) string {
	var words []string
	for _, n := range list {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, ",")
}

// ParseRoster reads a roster. It accepts exactly the texts that [Roster.WriteTo] writes,
// and holds no more in memory than a multiple of what it has read. What it says of
// a problem is for [Problem.Check].
func ParseRoster(r io.Reader) (*Roster, error) {
	p := &rosterParser{scan: bufio.NewScanner(r)}
	p.scan.Buffer(nil, maxLine)
	p.scan.Split(wholeLines)
	out, problem := p.roster()
	if problem == "" {
		return out, nil
	}
	if err := p.scan.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("matching: roster line %d: %w", p.n, err)
	} else if err != nil {
		problem = fmt.Sprintf("more than %d bytes", maxLine)
	}
	return nil, fmt.Errorf("matching: roster line %d: %s", p.n, problem)
}

// wholeLines splits into lines that end with a newline; a rest without one is a line
// that no field matches.
func wholeLines(data []byte, end bool) (advance int, token []byte, err error) {
	for i, c := range data {
		if c == '\n' {
			return i + 1, data[:i], nil
		}
	}
	if end && len(data) > 0 {
		return len(data), append(data[:len(data):len(data)], 0), nil
	}
	return 0, nil, nil
}

type rosterParser struct {
	scan *bufio.Scanner
	n    int // lines read
}

// line returns the fields of the next line, which begins with a keyword.
func (p *rosterParser) line(keyword string, fields int) ([]string, string) {
	p.n++
	if !p.scan.Scan() {
		return nil, fmt.Sprintf("the text ends, expected a line %q", keyword)
	}
	line := p.scan.Text()
	words := strings.Split(line, " ")
	switch {
	case words[0] != keyword:
		return nil, fmt.Sprintf("%s, expected a line %q", label.Quote(line), keyword)
	case fields >= 0 && len(words) != fields+1:
		return nil, fmt.Sprintf("%s, expected %q with %d fields", label.Quote(line), keyword, fields)
	}
	return words[1:], ""
}

func (p *rosterParser) number(keyword string, most uint64) (uint64, string) {
	words, problem := p.line(keyword, 1)
	if problem != "" {
		return 0, problem
	}
	return natural(words[0], most)
}

func natural(s string, most uint64) (uint64, string) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != s || n > most {
		return 0, fmt.Sprintf("%s, expected a whole number up to %d", label.Quote(s), most)
	}
	return n, ""
}

func (p *rosterParser) hash(keyword string) (h [32]byte, problem string) {
	words, problem := p.line(keyword, 1)
	if problem != "" {
		return h, problem
	}
	b, err := hex.DecodeString(words[0])
	if err != nil || len(b) != len(h) || hex.EncodeToString(b) != words[0] {
		return h, fmt.Sprintf("%s %s, expected 64 lower-case hexadecimal digits", keyword, label.Quote(words[0]))
	}
	return [32]byte(b), ""
}

func (p *rosterParser) roster() (*Roster, string) {
	r := new(Roster)
	if _, problem := p.line(rosterHeader, 0); problem != "" {
		return nil, problem
	}
	var problem string
	if r.problem, problem = p.hash("problem"); problem != "" {
		return nil, problem
	}
	key, problem := p.hash("key")
	if problem != "" {
		return nil, problem
	}
	r.key = Key(key)
	counts := map[string]uint64{}
	for _, c := range []struct {
		keyword string
		most    uint64
	}{{"teams", MaxTasks}, {"refused", MaxTasks}, {"regions", MaxTasks}, {"squares", 1 << 62}} {
		if counts[c.keyword], problem = p.number(c.keyword, c.most); problem != "" {
			return nil, problem
		}
	}
	r.squares = counts["squares"]
	for range counts["teams"] {
		if problem := p.team(r); problem != "" {
			return nil, problem
		}
	}
	for range counts["refused"] {
		if problem := p.refusal(r, int(counts["regions"])); problem != "" {
			return nil, problem
		}
	}
	for range counts["regions"] {
		if problem := p.region(r); problem != "" {
			return nil, problem
		}
	}
	p.n++
	if p.scan.Scan() {
		return nil, fmt.Sprintf("%s, expected the end", label.Quote(p.scan.Text()))
	}
	if p.scan.Err() != nil {
		return nil, "cannot be read"
	}
	return r, ""
}

func (p *rosterParser) team(r *Roster) string {
	words, problem := p.line("team", -1)
	if problem != "" {
		return problem
	}
	if len(words) < 3 || len(words) > 1+MaxTeam {
		return fmt.Sprintf("a team of %d, expected 2 to %d", len(words)-1, MaxTeam)
	}
	if problem := badWords(words); problem != "" {
		return problem
	}
	if n := len(r.teams); n > 0 && r.teams[n-1].Task >= words[0] {
		return fmt.Sprintf("task %s is not above %s before it", label.Quote(words[0]), label.Quote(r.teams[n-1].Task))
	}
	r.teams = append(r.teams, Team{words[0], words[1:]})
	return ""
}

func badWords(words []string) string {
	for _, word := range words {
		if problem := label.Check(word); problem != "" {
			return "ID " + problem
		}
	}
	return ""
}

func (p *rosterParser) refusal(r *Roster, regions int) string {
	words, problem := p.line("refused", -1)
	if problem != "" {
		return problem
	}
	if len(words) < 3 {
		return fmt.Sprintf("%d fields, expected task, region and places", len(words))
	}
	region, problem := natural(words[1], uint64(regions))
	if problem != "" || region == 0 {
		return fmt.Sprintf("region %s, expected 1 to %d", label.Quote(words[1]), regions)
	}
	x := Refusal{Task: words[0], Region: int(region), Single: append([]string(nil), words[3:]...)}
	for _, word := range strings.Split(words[2], ",") {
		k, problem := natural(word, MaxTeam)
		if problem != "" || k == 0 || len(x.Places) > 0 && x.Places[len(x.Places)-1] >= int(k) {
			return fmt.Sprintf("places %s, expected ascending numbers from 1 to %d", label.Quote(words[2]), MaxTeam)
		}
		x.Places = append(x.Places, int(k))
	}
	if problem := badWords(append([]string{x.Task}, x.Single...)); problem != "" {
		return problem
	}
	if n := len(r.refused); n > 0 && r.refused[n-1].Task >= x.Task {
		return fmt.Sprintf("task %s is not above %s before it", label.Quote(x.Task), label.Quote(r.refused[n-1].Task))
	}
	if problem := ascending(x.Single); problem != "" {
		return problem
	}
	r.refused = append(r.refused, x)
	return ""
}

func ascending(list []string) string {
	for i := 1; i < len(list); i++ {
		if list[i-1] >= list[i] {
			return fmt.Sprintf("%s is not above %s before it", label.Quote(list[i]), label.Quote(list[i-1]))
		}
	}
	return ""
}

func (p *rosterParser) region(r *Roster) string {
	words, problem := p.line("region", 4)
	if problem != "" {
		return problem
	}
	var n [4]uint64
	for i, most := range []uint64{1 << 40, 1 << 50, MaxInspectors, 1 << 30} {
		if n[i], problem = natural(words[i], most); problem != "" {
			return problem
		}
	}
	g := Region{Need: n[0], Room: n[1]}
	for range n[2] {
		words, problem := p.line("inspector", 1)
		if problem == "" {
			problem = badWords(words)
		}
		if problem != "" {
			return problem
		}
		g.Inspectors = append(g.Inspectors, words[0])
	}
	if problem := ascending(g.Inspectors); problem != "" {
		return problem
	}
	for range n[3] {
		words, problem := p.line("single", 2)
		if problem == "" {
			problem = badWords(words)
		}
		if problem != "" {
			return problem
		}
		s := Seat{words[0], words[1]}
		if k := len(g.Single); k > 0 && (g.Single[k-1].Task > s.Task || g.Single[k-1].Task == s.Task && g.Single[k-1].Inspector >= s.Inspector) {
			return fmt.Sprintf("single %s %s is out of order", label.Quote(s.Task), label.Quote(s.Inspector))
		}
		g.Single = append(g.Single, s)
	}
	r.regions = append(r.regions, g)
	return ""
}
