package audit

import (
	"fmt"
	"io/fs"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
)

// Draft returns the policy that a bundle would like its verifier to have: the
// series and the keys that it names itself, judged at a time. It proves nothing
// until the verifier has compared each of them with another source. Beacons
// are of kind "given" and have to be replaced by what the verifier saw.
func Draft(fsys fs.FS, at time.Time) (*Policy, error) {
	p := DefaultPolicy()
	p.At = at
	a := newAudit(fsys, p)
	a.suite = draw.SHA256()
	s := new(statement.Series)
	signed := a.load(FileSeries, "series", s, []note.Verifier{})
	if signed == nil {
		if c, ok := a.r.First(Wrong); ok {
			return nil, fmt.Errorf("audit: %s", c.line())
		}
		return nil, fmt.Errorf("audit: %s is missing", FileSeries)
	}
	if s.Suite == a.suite.Name() {
		p.Series = signed.ID // of another suite only authority and scope can be drafted
	}
	p.Authority, p.Scope, p.SuiteNames = s.Authority, s.Scope, []string{s.Suite}
	p.Regulators = []string{s.Regulator}
	for _, w := range s.Witnesses {
		p.Witnesses = append(p.Witnesses, w.Key)
	}
	slices.Sort(p.Witnesses)
	p.Quorum = int(s.Quorum) // at most the number of witnesses, as the series was read
	for _, name := range s.Beacons {
		p.BeaconRules = append(p.BeaconRules, BeaconRule{Name: name, Kind: "given"})
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}
