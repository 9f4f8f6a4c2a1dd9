// Package verifier is the front end of the programs verify and verify-full: it
// reads policy and bundle, and shows the report.
package verifier

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/examples/internal/bundlefs"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// The exit statuses.
const (
	Right      = 0 // all that can be checked now is right
	Wrong      = 1 // something is wrong: the report shows the evidence
	CannotTell = 2 // something is missing or not proven, or the command line is wrong
)

// A Program is what a program brings along, and where it runs.
type Program struct {
	Name     string                                   // for messages
	Full     string                                   // name of the program that has more, "" if there is none
	Suites   []draw.Suite                             // hash suites
	Beacons  []beacon.Beacon                          // for rules of kind "given"
	Verifier func(vkey string) (note.Verifier, error) // opens verifier keys; nil for Ed25519 alone
	PrintQR  func(text string) (QR, error)            // for the command qr; nil if there is none
	ReadQR   func(picture []byte) (string, error)     // reads the code on a PNG or JPEG; nil for no pictures
	Now      func() time.Time                         // the clock, for -at now
	Stdout   io.Writer                                // the report
	Stderr   io.Writer                                // messages
	Progress bool                                     // show on Stderr how far reading got
}

const usage = `%[1]s checks a public draw from its published files alone.

  %[1]s -policy FILE [-json] [-lang zh] BUNDLE        one draw: a folder or a .zip
  %[1]s -policy FILE receipt RECEIPT [BUNDLE]         one company's receipt
  %[1]s -policy FILE series FOLDER                    all draws of a series: folders 0001, 0002, …
  %[1]s BUNDLE                                        what a bundle says of itself, as a draft of a policy
%[2]s
A receipt is a file with the signed note, or with the text of its QR code%[3]s.

The policy says whom you trust: the series, the regulator's and the witnesses'
keys, the beacons with the values that you saw published, and the time at which
you judge. It must come from you, not from the bundle. A draft made from a
bundle proves nothing until you have compared each line with another source.

The report lists each check with what was compared:

  ok          compared, and right
  skipped     does not apply, or is not due yet
  not-proven  nothing contradicts it, but nobody independent saw the time
  missing     something needed is not there; the text says what
  wrong       two values differ that must be equal; both are shown

Exit status: 0 all that can be checked now is right (opened and correct, fixed, or
called off properly); 1 something is wrong; 2 cannot tell, the order of events is not
proven, or the command could not be carried out.

Flags:
`

// These are of the usage where the program has them.
const (
	usageQR      = "  %s qr RECEIPT PICTURE.png                        a receipt as a QR code, to hand out\n"
	usagePicture = ",\nor a picture of the code alone (PNG or JPEG, seen from straight above)"
)

// options are what the command line says.
type options struct {
	policy, at, lang, secret string
	json                     bool
	most                     int64
	command                  string // "", "receipt", "series" or "qr"
	args                     []string
}

// Main runs the program and returns its exit status.
func (p *Program) Main(args []string) int {
	o, err := p.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return Right
	}
	if err == nil {
		var status int
		if status, err = p.run(o); err == nil {
			return status
		}
	}
	fmt.Fprintf(p.Stderr, "%s: %v\n", p.Name, err)
	return CannotTell
}

func (p *Program) parse(args []string) (*options, error) {
	o := new(options)
	set := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&o.policy, "policy", "", "the `file` that says whom you trust")
	set.StringVar(&o.at, "at", "", "judge at this `time`, such as 2026-12-20T00:00:00Z or now, instead of the policy's")
	set.StringVar(&o.lang, "lang", "en", "`language` of the report: en or zh")
	set.StringVar(&o.secret, "frame-secret", "", "`file` with the secret of a salted frame, 64 hexadecimal digits, for auditors")
	set.BoolVar(&o.json, "json", false, "print the report as JSON")
	set.Int64Var(&o.most, "max-zip", bundlefs.DefaultMost, "greatest uncompressed size of a zip in `bytes`")
	for {
		if err := set.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				var printing, pictures string
				if p.PrintQR != nil {
					printing = fmt.Sprintf(usageQR, p.Name)
				}
				if p.ReadQR != nil {
					pictures = usagePicture
				}
				fmt.Fprintf(p.Stdout, usage, p.Name, printing, pictures)
				set.SetOutput(p.Stdout)
				set.PrintDefaults()
			}
			return nil, err
		}
		args = set.Args()
		if len(args) == 0 {
			break
		}
		if first := args[0]; o.command == "" && len(o.args) == 0 && (first == "receipt" || first == "series" || first == "qr" && p.PrintQR != nil) {
			o.command = first
		} else {
			o.args = append(o.args, first)
		}
		args = args[1:]
	}
	most := 1
	if o.command == "receipt" {
		most = 2
	}
	if o.command == "qr" && len(o.args) != 2 {
		return nil, fmt.Errorf("expected a receipt and the picture to write: see %s -h", p.Name)
	}
	if o.command != "qr" && (len(o.args) < 1 || len(o.args) > most) {
		return nil, fmt.Errorf("expected one bundle, receipt or folder: see %s -h", p.Name)
	}
	if o.lang != "en" && o.lang != "zh" {
		return nil, fmt.Errorf("language %q, expected en or zh", o.lang)
	}
	if o.policy == "" && (o.command == "receipt" || o.command == "series") {
		return nil, fmt.Errorf("-policy is needed: it says whom you trust; see %s -h", p.Name)
	}
	return o, nil
}

func (p *Program) run(o *options) (int, error) {
	if o.command == "qr" {
		return p.printQR(o)
	}
	if o.policy == "" {
		return p.draft(o)
	}
	policy, err := p.readPolicy(o)
	if err != nil {
		return CannotTell, err
	}
	if o.command == "receipt" {
		return p.receipt(o, policy)
	}
	fsys, done, err := p.open(o.args[0], o.most, o.command == "series")
	if err != nil {
		return CannotTell, err
	}
	defer done()
	if o.command == "series" {
		s := audit.VerifySeries(fsys, policy)
		done()
		return p.showSeries(o, s)
	}
	r := audit.Verify(fsys, policy)
	done()
	return p.show(o, r)
}

func (p *Program) readPolicy(o *options) (*audit.Policy, error) {
	text, err := readFile(o.policy, audit.MaxPolicy)
	if err != nil {
		return nil, err
	}
	policy, err := audit.ParsePolicy(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.policy, err)
	}
	policy.Suites, policy.Beacons, policy.Verifier, policy.Roster = p.Suites, p.Beacons, p.Verifier, teams.Check
	switch o.at {
	case "":
	case "now":
		policy.At = p.Now().UTC().Truncate(time.Second)
	default:
		if policy.At, err = time.Parse("2006-01-02T15:04:05Z", o.at); err != nil {
			return nil, fmt.Errorf("-at %q is not a time such as 2026-12-20T00:00:00Z", o.at)
		}
	}
	if o.secret != "" {
		text, err := readFile(o.secret, 128)
		if err != nil {
			return nil, err
		}
		secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(secret) != 32 {
			return nil, fmt.Errorf("%s is not 64 hexadecimal digits", o.secret)
		}
		policy.FrameSecret = (*[32]byte)(secret)
	}
	return policy, nil
}

// draft prints what a bundle says of itself in the form of a policy.
func (p *Program) draft(o *options) (int, error) {
	fsys, done, err := p.open(o.args[0], o.most, false)
	if err != nil {
		return CannotTell, err
	}
	defer done()
	policy, err := audit.Draft(fsys, p.Now().UTC().Truncate(time.Second))
	if err != nil {
		return CannotTell, err
	}
	text, err := policy.MarshalText()
	if err != nil {
		return CannotTell, err
	}
	fmt.Fprintf(p.Stderr, "%s\n", wording.DraftNote().In(o.lang))
	_, err = p.Stdout.Write(text)
	return CannotTell, err
}

// show prints a report and returns the exit status.
func (p *Program) show(o *options, r *audit.Report) (int, error) {
	if o.json {
		if err := p.printJSON(r); err != nil {
			return CannotTell, err
		}
	} else if _, err := io.WriteString(p.Stdout, p.text(o.lang, r)); err != nil {
		return CannotTell, err
	}
	return exitStatus(r.Verdict), nil
}

// showSeries prints the reports of a series and returns the exit status.
func (p *Program) showSeries(o *options, s *audit.SeriesReport) (int, error) {
	if o.json {
		if err := p.printJSON(s); err != nil {
			return CannotTell, err
		}
		return exitStatus(s.Verdict), nil
	}
	for _, d := range s.Draws {
		if _, err := fmt.Fprintf(p.Stdout, "%s  %s\n%s\n", d.Folder, draw0.In(o.lang), p.text(o.lang, d.Report)); err != nil {
			return CannotTell, err
		}
	}
	_, err := io.WriteString(p.Stdout, p.text(o.lang, &s.Report))
	return exitStatus(s.Verdict), err
}

func (p *Program) printJSON(v any) error {
	enc := json.NewEncoder(p.Stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// exitStatus returns the exit status of a verdict.
func exitStatus(v audit.Verdict) int {
	switch v {
	case audit.Fixed, audit.OpenedCorrect, audit.OpenedUncheckable, audit.Called:
		return Right
	case audit.WrongVerdict:
		return Wrong
	}
	return CannotTell
}

// readFile reads a file of at most so many bytes.
func readFile(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("more than %d bytes", most)}
	}
	return text, err
}
