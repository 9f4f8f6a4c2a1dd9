package page

import (
	"errors"
	"io"
	"io/fs"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
	"github.com/doublerandom/doublerandom/registry"
)

// rows are what questions about one company or one stratum are answered from.
type rows struct {
	plan      *draw.Plan
	frame     *registry.Frame
	result    *draw.Result // as published; nil if it was not
	selection *draw.Selection
}

// A Search is what can be asked, and the strata for the chart.
type Search struct {
	Opened bool         `json:"opened"` // whom the draw took is public
	Warn   wording.Text `json:"warn"`   // empty unless the result is wrong
	Units  uint64       `json:"units"`
	Drawn  int          `json:"drawn"`
	Strata []Stratum    `json:"strata"`
	Sample string       `json:"sample"` // an ID of the list, as an example of one
}

// A Stratum is what was expected of a stratum, and what was drawn.
type Stratum struct {
	Label    string  `json:"label"`
	Units    uint64  `json:"units"`
	Quota    string  `json:"quota"`    // exact
	Expected float64 `json:"expected"` // the quota, for the chart
	Drawn    int64   `json:"drawn"`    // -1 if it is not public
}

func hasFile(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err == nil
}

// Prepare reads list, plan and result for the questions below. The bundle must have
// been verified, so that the warning tells whether to believe the answers.
func (s *Session) Prepare() (*Search, error) {
	if !s.verified {
		return nil, problem(nil, "Check the bundle first.", "请先核验材料包。")
	}
	if s.rows == nil {
		r, err := s.readRows()
		if err != nil {
			return nil, problem(err, "The list cannot be searched", "无法查询名录")
		}
		s.rows = r
	}
	r := s.rows
	out := &Search{Opened: r.result != nil, Units: uint64(r.frame.Len())}
	if r.frame.Len() > 0 {
		out.Sample = r.frame.ID(r.frame.Len() / 2)
	}
	if !s.right && r.result != nil {
		out.Warn = wording.Both("The verdict does not confirm this list or this result. What follows is what was published, not what is right.",
			"结论并未确认此名录或结果。以下为公布的内容，未必正确。")
	}
	for i, stratum := range r.plan.Strata() {
		quota := r.plan.Quotas()[i].Count
		expected, _ := quota.Rat().Float64()
		out.Strata = append(out.Strata, Stratum{stratum.Label, stratum.Units, quota.String(), expected, -1})
	}
	if r.result != nil {
		out.Drawn = r.result.Len()
		i := 0
		for stratum := range r.result.Strata() {
			out.Strata[i].Drawn = int64(stratum.Count)
			i++
		}
	}
	return out, nil
}

func (s *Session) readRows() (*rows, error) {
	r := new(rows)
	s.files.Left = maxRead
	err := parse(s.files, audit.FilePlan, func(f io.Reader) (err error) {
		r.plan, err = draw.ParsePlan(f, s.Suite)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = parse(s.files, audit.FileFrame, func(f io.Reader) (err error) {
		r.frame, err = registry.ParseFrame(f)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = parse(s.files, audit.FileResult, func(f io.Reader) (err error) {
		r.result, err = draw.ParseResult(f)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var seed draw.Seed // before the opening any seed gives the chances
	if r.result != nil {
		seed = r.result.Seed()
		if err := sameStrata(r.plan, r.result); err != nil {
			return nil, err
		}
	}
	if r.selection, err = draw.NewSelection(r.plan, seed, draw.Count(r.frame)); err != nil {
		return nil, err
	}
	return r, nil
}

// sameStrata returns an error if a result has other strata than its plan.
func sameStrata(plan *draw.Plan, result *draw.Result) error {
	i, strata := 0, plan.Strata()
	for s := range result.Strata() {
		if i == len(strata) || strata[i].Label != s.Label {
			return errors.New("the result has other strata than the plan")
		}
		i++
	}
	if i != len(strata) {
		return errors.New("the result has other strata than the plan")
	}
	return nil
}

// parse reads one file.
func parse(fsys fs.FS, name string, read func(io.Reader) error) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return read(io.LimitReader(f, MaxZip))
}
