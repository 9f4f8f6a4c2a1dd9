// Package audit checks a public draw from its published files alone: [Verify] a
// draw, [VerifySeries] all draws of a series, [VerifyReceipt] one company's receipt.
//
// The files, a bundle, are read through an [fs.FS]: a folder, a zip, files in
// memory. Whom to trust, which beacons with which values, and the time at which to
// judge come from the verifier's [Policy]; the bundle cannot vouch for itself.
// The answer is a [Report]: named checks, each with the two values where they
// differ, and a verdict.
//
// Nothing in a bundle can make a verification panic, or take more time or memory
// than a fixed multiple of the sizes that the policy allows.
//
// # From checks to the verdict
//
// The first line that fits decides:
//
//	a check is wrong                                           wrong
//	a check is missing something                               cannot tell
//	a check is not-proven                                      order not proven
//	the draw was called off, check void is ok                  void
//	there is no close, no pulse for a beacon, or, in a sealed
//	draw, no sealed result yet                                 cannot tell
//	a sealed draw has no opening yet                           fixed
//	the frame's rows are salted and were not shown             opened, selection not publicly checkable
//	otherwise                                                  opened and correct
//
// # What is claimed
//
// "Opened and correct" says: the announced frame, plan and rules, the counted
// contributions and the announced round's value lead to exactly the published
// outcome; a quorum of the policy's witnesses saw the notice before the first
// deadline and the close before the value existed. It follows that nobody chose the
// outcome if the beacon is honest, whoever else colludes. Where the beacon can be
// foreseen, or there is none, nobody chose it if one counted contributor is
// honest; m withheld reveals let the others choose among up to 2^m outcomes, and
// the report states m. It is not claimed that the frame lists all companies and
// only real ones, that nobody leaked the sealing secret, that the last events or
// draws of a series were not held back, or that the drawn companies were inspected
// and no others.
package audit

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"github.com/doublerandom/doublerandom/internal/label"
	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// Verify checks the bundle of one draw under the verifier's policy. It goes on
// after a failure where it can, so that the report shows all that is wrong. It
// never panics on a bundle's account and does not change the policy.
func Verify(fsys fs.FS, policy *Policy) *Report {
	a := newAudit(fsys, policy)
	a.run(true)
	return a.finish()
}

// An audit is one verification under way: what was read so far, nil where it is
// not there or not usable.
type audit struct {
	*bundle
	suite draw.Suite
	keys  keys

	series  *statement.Series
	notice  *statement.Notice
	close   *statement.Close
	pulse   *statement.Pulse
	sealed  *statement.SealedResult
	opening *statement.Opening
	void    *statement.Void
	signed  map[string]*statement.Signed // by name of the file

	plan      *draw.Plan
	frame     *registry.Frame
	result    *draw.Result // derived from frame and seed, or else as published
	published *draw.Result
	resultID  statement.ID // hash of the published result's text; zero if there is none
	derived   bool         // result is derived
	rosterOK  bool         // the caller's check gave the extensions
	extension func(id string) statement.ID

	values    []statement.Value // of the counted contributions, in the close's order; nil if one is not known
	complete  bool              // values are all there
	canonical string            // the pulse's canonical value
	pulseOK   bool              // canonical may be used
	secret    *[32]byte
	secretOK  bool // secret may be used: it is the one committed to, or not needed
	seed      draw.Seed
	seedOK    bool
	folder    string                // of a series
	outcomes  map[string]draw.Drawn // of result, once a receipt needs them
}

func newAudit(fsys fs.FS, policy *Policy) *audit {
	return &audit{
		bundle: &bundle{fsys: fsys, policy: policy, r: new(Report), seen: map[string]bool{}},
		signed: map[string]*statement.Signed{},
	}
}

// run carries out all checks; extras says whether to look for further files.
func (a *audit) run(extras bool) {
	if err := a.policy.Validate(); err != nil {
		a.r.missing(CheckFiles, "no usable policy: %s", err.Error())
		return
	}
	a.keys = a.policy.keys(a.r)
	if !a.checkSeries() {
		return
	}
	a.readStatements()
	if a.notice == nil {
		a.r.missing(CheckNotice, "%s is missing or cannot be used: nothing else can be checked", FileNotice)
		return
	}
	a.checkNotice()
	a.checkPlan()
	a.checkFrame()
	a.checkContributions()
	a.checkDeadlines()
	a.checkOrder()
	a.checkBeacon()
	a.checkOpening()
	a.checkDerivation()
	a.checkSelection()
	a.checkMatching()
	a.checkSealedRoot()
	a.checkEvents()
	a.checkReceipts()
	a.checkVoid()
	a.r.skip(CheckChain, "one draw alone: the order of a series' draws is for VerifySeries")
	if extras {
		a.extras(DirCommits, DirReveals, DirEvents, DirReceipts, DirChanges)
	}
	a.r.conclude(CheckFiles, "%d files read within the policy's limits", len(a.signed))
	a.r.conclude(CheckSignatures, "%d statements are signed by whom they must be", len(a.signed))
}

// keys are the opened keys of a policy.
type keys struct {
	regulators []note.Verifier
	texts      []string // of the regulators, where opened
	witnesses  []note.Verifier
}

// verifier opens a verifier key.
func (p *Policy) verifier(vkey string) (note.Verifier, error) {
	if p.Verifier != nil {
		return p.Verifier(vkey)
	}
	return note.NewVerifier(vkey)
}

// keys opens the policy's keys and reports those that the program cannot open.
func (p *Policy) keys(r *Report) (k keys) {
	for _, text := range p.Regulators {
		v, err := p.verifier(text)
		if err != nil {
			r.missing(CheckSignatures, "this program cannot open the policy's regulator key %s", label.Quote(text))
			continue
		}
		k.regulators, k.texts = append(k.regulators, v), append(k.texts, text)
	}
	for _, text := range p.Witnesses {
		v, err := statement.NewCosignatureVerifier(text)
		if err != nil {
			r.missing(CheckSignatures, "this program cannot open the policy's witness key %s", label.Quote(text))
			continue
		}
		k.witnesses = append(k.witnesses, v)
	}
	return k
}

// load reads a signed statement of a kind into s. Signatures by anyone else than
// signers and the witnesses are passed over; one of the signers must have signed.
// It returns nil if there is no such file or if it cannot be used. A statement
// without the right signature is reported and returned all the same, so that
// the other checks can say more.
func (a *audit) load(name, kind string, s statement.Statement, signers []note.Verifier) *statement.Signed {
	text := a.read(name, statement.MaxNote)
	if text == nil {
		return nil
	}
	signed, problem := a.openNote(name, text, signers)
	if signed == nil {
		a.r.wrong(CheckFiles, "%s: %s", label.Quote(name), problem)
		return nil
	}
	if problem != "" {
		a.r.wrong(CheckSignatures, "%s: %s", label.Quote(name), problem)
	}
	if have := statement.Kind(signed.Text); have != kind {
		a.r.differ(CheckFiles, Wrong, label.Quote(have), label.Quote(kind), "%s holds another statement", label.Quote(name))
		return nil
	}
	if err := s.UnmarshalText(signed.Text); err != nil {
		a.r.wrong(CheckFiles, "%s: %s", label.Quote(name), err.Error())
		return nil
	}
	a.signed[name] = signed
	return signed
}

// openNote opens a note. If it is not a note at all the result is nil; if it
// lacks a right signature by one of the signers, the problem says so.
func (a *audit) openNote(name string, text []byte, signers []note.Verifier) (*statement.Signed, string) {
	known := append(append([]note.Verifier(nil), a.keys.witnesses...), signers...)
	n, err := note.Open(text, note.VerifierList(unique(known)...))
	problem := ""
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		n = unverified.Note
	case errors.As(err, &invalid):
		problem = fmt.Sprintf("the signature of %s is not by its key", label.Quote(invalid.Name))
		if _, err = note.Open(text, note.VerifierList()); !errors.As(err, &unverified) {
			return nil, problem
		}
		n = unverified.Note
	case err != nil:
		return nil, "it is not a signed note: " + label.Quote(err.Error())
	}
	if spelling := badSpelling(text, n); spelling != "" {
		return nil, spelling
	}
	signed := &statement.Signed{ID: statement.IDOf(a.suite, []byte(n.Text)), Text: []byte(n.Text), Note: text, Sigs: n.Sigs}
	if problem != "" {
		return signed, problem
	}
	for _, v := range signers {
		if signed.SignedBy(v) {
			return signed, ""
		}
	}
	if len(signers) == 0 {
		return signed, ""
	}
	return signed, fmt.Sprintf("it is not signed by %s, but by %s", namesOf(signers), signersOf(n))
}

// badSpelling returns what is wrong with the spelling of a note's signatures:
// x/mod accepts a repeated line and several texts of one signature, which would let a
// bundle be changed unnoticed.
func badSpelling(text []byte, n *note.Note) string {
	all := append(append([]note.Signature(nil), n.Sigs...), n.UnverifiedSigs...)
	for _, s := range all {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return fmt.Sprintf("the signature of %s has bits after its end", label.Quote(s.Name))
		}
	}
	lines := 0
	for _, c := range text[len(n.Text)+1:] {
		if c == '\n' {
			lines++
		}
	}
	if lines != len(all) {
		return fmt.Sprintf("%d signature lines, but %d keys", lines, len(all))
	}
	return ""
}

// unique drops verifiers of a key that is there already: a key may be listed
// twice, as a witness's that is also a contributor's.
func unique(list []note.Verifier) (out []note.Verifier) {
	type id struct {
		name string
		hash uint32
	}
	seen := map[id]bool{}
	for _, v := range list {
		if k := (id{v.Name(), v.KeyHash()}); !seen[k] {
			seen[k] = true
			out = append(out, v)
		}
	}
	return out
}

func namesOf(list []note.Verifier) string {
	text := ""
	for i, v := range list {
		if i > 0 {
			text += " or "
		}
		text += fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash())
	}
	return text
}

func signersOf(n *note.Note) string {
	text := ""
	for i, s := range append(append([]note.Signature(nil), n.Sigs...), n.UnverifiedSigs...) {
		if i == 3 {
			return text + " and others"
		}
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s+%08x", label.Quote(s.Name), s.Hash)
	}
	return text
}

func hexOf(h [32]byte) string {
	if h == ([32]byte{}) {
		return "none"
	}
	return hex.EncodeToString(h[:])
}
