package page

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// A vector is one of the protocol's.
type vector struct {
	Policy, Verdict string
	Files           map[string]string
}

func vectorOf(t *testing.T, name string) *vector {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "draw", "testdata", "protocol", "valid-"+name+".json"))
	require.NoError(t, err)
	v := new(vector)
	require.NoError(t, json.Unmarshal(text, v))
	return v
}

func zipOf(t *testing.T, prefix string, files map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(prefix + name)
		require.NoError(t, err)
		_, err = w.Write([]byte(files[name]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

func newSession() *Session {
	return &Session{Suite: draw.SHA256(), Now: func() time.Time { return time.Date(2026, 11, 26, 0, 0, 0, 5, time.UTC) }}
}

// verified returns a session that has verified a vector, and the report.
func verified(t *testing.T, v *vector) (*Session, *Report) {
	s := newSession()
	_, err := s.Open(zipOf(t, "bundle/", v.Files))
	require.NoError(t, err)
	_, err = s.SetPolicy(v.Policy)
	require.NoError(t, err)
	r, err := s.Verify()
	require.NoError(t, err)
	return s, r
}

func TestVerifyVectors(t *testing.T) {
	for _, name := range []string{"chain", "fractional", "no-beacon", "open-beacon", "salted-hidden", "sealed", "sealed-fixed", "void", "void-early", "withheld"} {
		t.Run(name, func(t *testing.T) {
			v := vectorOf(t, name)
			s, r := verified(t, v)
			var want wording.Text
			for verdict := audit.CannotTell; verdict <= audit.Called; verdict++ {
				if verdict.String() == v.Verdict {
					want = wording.Verdict(verdict)
				}
			}
			require.Equal(t, want, r.Title)
			require.NotEmpty(t, r.Plain.EN)
			require.NotEmpty(t, r.Plain.ZH)
			require.Len(t, r.Checks, len(audit.CheckNames()))
			require.Equal(t, name == "withheld", r.Withheld.EN != "")
			require.Equal(t, v.Files[audit.FileFrame] != "", r.Rows)
			if !r.Rows {
				_, err := s.Prepare()
				require.ErrorContains(t, err, "The list cannot be searched")
				return
			}
			search, err := s.Prepare()
			require.NoError(t, err)
			require.Equal(t, v.Files[audit.FileResult] != "", search.Opened)
			for line := range strings.Lines(v.Files[audit.FileFrame]) {
				id := strings.Fields(line)[0]
				found, err := s.Find(" " + id + "\n")
				require.NoError(t, err)
				require.True(t, found.Listed)
				want := "other"
				switch line := regexp.MustCompile(`(?m)^(unit|reserve) \d+ ` + regexp.QuoteMeta(id) + " ").FindStringSubmatch(v.Files[audit.FileResult]); {
				case !search.Opened:
					want = "secret"
				case line != nil && line[1] == "unit":
					want = "drawn"
				case line != nil:
					want = "reserve"
				}
				require.Equal(t, want, found.Outcome, "%s: %s", id, found.Why.EN)
			}
			for _, stratum := range search.Strata {
				w, err := s.Wheel(stratum.Label)
				require.NoError(t, err)
				drawn := uint64(0)
				for _, a := range w.Arcs {
					drawn += a.Drawn
				}
				if search.Opened {
					require.EqualValues(t, stratum.Drawn, drawn)
				}
				require.Equal(t, search.Opened, w.Spun)
			}
		})
	}
}

func TestOpenTellsTheStory(t *testing.T) {
	s := newSession()
	b, err := s.Open(zipOf(t, "", vectorOf(t, "sealed").Files))
	require.NoError(t, err)
	require.Equal(t, "Authority", b.Facts[0].Label.EN)
	require.Equal(t, "抽取机关", b.Facts[0].Label.ZH)
	var done []string
	for _, e := range b.Story {
		require.NotEmpty(t, e.Title.ZH)
		if e.Done {
			done = append(done, e.Title.EN)
		}
	}
	require.Equal(t, []string{"Rules of the series fixed", "Draw announced", "Contributions bound", "Contributions shown",
		"Contributions closed", "Public random number", "Result sealed", "Result opened"}, done)
	require.NotEmpty(t, b.Story[1].Seen)
	require.Contains(t, b.Draft, "\nat 2026-11-26T00:00:00Z\n")
	require.Contains(t, b.Draft, " given\n")
	require.NotEmpty(t, b.Claim.Value)

	b, err = s.Open(zipOf(t, "", vectorOf(t, "sealed-fixed").Files))
	require.NoError(t, err)
	last := b.Story[len(b.Story)-1]
	require.Equal(t, "Result opened", last.Title.EN)
	require.False(t, last.Done)
	require.NotEmpty(t, last.Until)
}

func TestRefusals(t *testing.T) {
	v := vectorOf(t, "sealed")
	right := zipOf(t, "", v.Files)
	huge := bytes.Clone(right)
	copy(huge[bytes.Index(huge, []byte("PK\x01\x02"))+24:], "\xf0\xff\xff\xff")
	s := newSession()
	for _, test := range []struct {
		name string
		do   func() error
		text string
	}{
		{"nothing to verify", func() error { _, err := s.Verify(); return err }, "First say whom you trust: load your policy."},
		{"not a zip", func() error { _, err := s.Open([]byte("PK\x03\x04")); return err }, "This file is not a zip that can be read: zip: not a valid zip file"},
		{"half a zip", func() error { _, err := s.Open(right[:len(right)/2]); return err }, "This file is not a zip that can be read: zip: not a valid zip file"},
		{"absurd sizes", func() error { _, err := s.Open(huge); return err },
			"This zip is too large for the page: more than 0 bytes when uncompressed, of 1073741824 allowed; the program verify takes larger ones"},
		{"another zip", func() error { _, err := s.Open(zipOf(t, "", map[string]string{"a": "b"})); return err }, "This zip holds no published draw: it has no series.note."},
		{"a series", func() error {
			_, err := s.Open(zipOf(t, "", map[string]string{"0001/series.note": "a", "0002/series.note": "b"}))
			return err
		}, "This zip holds all draws of a series. The page checks one: choose a zip of one draw, or use the program verify with “series”."},
		{"a policy", func() error { _, err := s.SetPolicy("doublerandom/policy/v1\nat noon"); return err },
			`This is not a policy that can be read: audit: policy line 2: "at noon" has a value that cannot be read`},
		{"a receipt", func() error { _, err := s.SetReceipt([]byte("Dear Sir")); return err }, "This is no receipt: it is not a signed note."},
		{"another statement", func() error { _, err := s.SetReceipt([]byte(v.Files["notice.note"])); return err }, "This is no receipt: "},
		{"a damaged code", func() error { _, err := s.SetReceipt([]byte("DR1:ABC")); return err }, "The text of this code is damaged: it is no whole receipt: seal: "},
		{"a search before all", func() error { _, err := s.Find("a"); return err }, "Check the bundle first."},
		{"a wheel before all", func() error { _, err := s.Wheel("a"); return err }, "Check the bundle first."},
		{"a search unverified", func() error { _, err := s.Prepare(); return err }, "Check the bundle first."},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.do()
			require.Error(t, err)
			require.True(t, strings.HasPrefix(err.Error(), test.text), err.Error())
			var p *Problem
			require.ErrorAs(t, err, &p)
			require.NotEmpty(t, p.Text.ZH)
		})
	}
	_, err := s.SetPolicy(v.Policy)
	require.NoError(t, err)
	_, err = s.Verify()
	require.EqualError(t, err, "There is nothing to check yet: choose a bundle or a receipt.")
}

func TestReceipts(t *testing.T) {
	v := vectorOf(t, "sealed")
	var note string
	for _, name := range slices.Sorted(maps.Keys(v.Files)) {
		if strings.HasPrefix(name, "receipts/") {
			note = v.Files[name]
		}
	}
	require.NotEmpty(t, note)
	packed, err := seal.PackReceipt([]byte(note))
	require.NoError(t, err)
	for _, text := range []string{note, packed, " " + packed + "\r\n", strings.ReplaceAll(note, "\n", "\r\n"), strings.TrimSpace(note)} {
		s := newSession()
		r, err := s.SetReceipt([]byte(text))
		require.NoError(t, err)
		require.Contains(t, r.Sentence.EN, r.ID)
		require.Contains(t, r.Sentence.ZH, r.ID)
		_, err = s.SetPolicy(v.Policy)
		require.NoError(t, err)
		report, err := s.Verify()
		require.NoError(t, err)
		require.Equal(t, "right", report.Verdict, report.Reason)
		require.Contains(t, report.Plain.EN, "The receipt is genuine")
		require.False(t, report.Rows)
		_, err = s.Open(zipOf(t, "", v.Files))
		require.NoError(t, err)
		report, err = s.Verify()
		require.NoError(t, err)
		require.Equal(t, wording.Verdict(audit.OpenedCorrect), report.Title)
		require.NotNil(t, report.Receipt)
	}
}

func TestChangesAreFoundAndWarnedOf(t *testing.T) {
	v := vectorOf(t, "sealed")
	first, _, _ := strings.Cut(v.Files[audit.FileFrame], " ")
	v.Files[audit.FileFrame] = strings.Replace(v.Files[audit.FileFrame], first, first+"!", 1)
	s, r := verified(t, v)
	require.Equal(t, "wrong", r.Verdict)
	search, err := s.Prepare()
	require.NoError(t, err)
	require.Contains(t, search.Warn.EN, "not what is right")
	found, err := s.Find(first)
	require.NoError(t, err)
	require.False(t, found.Listed)
	require.Contains(t, found.Answer.EN, "there is no company with exactly this number")
}

func TestAddValue(t *testing.T) {
	s := newSession()
	b, err := s.Open(zipOf(t, "", vectorOf(t, "sealed").Files))
	require.NoError(t, err)
	name := b.Claim.Beacon
	_, err = s.AddValue(b.Draft, name, "1", "noon", "x")
	require.EqualError(t, err, "The time of publication must look like 2026-12-02T09:00:00Z")
	_, err = s.AddValue(b.Draft, "none", "1", b.Claim.At, "1.2.3.4.5.6./7./")
	require.EqualError(t, err, "The policy has no beacon of that name")
	_, err = s.AddValue(b.Draft, name, "2026101x3", b.Claim.At, "6.5.4.3.2.1./7./")
	require.ErrorContains(t, err, "This is not a policy that can be used: audit: policy: ")
	for _, value := range []string{strings.Repeat("1.2.3.4.5.6./7./", 3), strings.Repeat("1.2.3.4.5.6./8./", 3)} { // the second takes the first one's place
		sum, err := s.AddValue(b.Draft, name, " 2026101x3", b.Claim.At, value+" ")
		require.NoError(t, err)
		require.Contains(t, sum.Text, fmt.Sprintf("beacon %s lottery\nvalue 2026101x3 %s %s\n", name, b.Claim.At, value))
		require.NotContains(t, sum.Given, name)
		b.Draft = sum.Text
	}
}

func TestChance(t *testing.T) {
	for _, test := range []struct {
		num, den       uint64
		percent, oneIn string
	}{
		{1, 1, "= 100 %", ""}, {0, 5, "= 0 %", ""}, {1, 2, "= 50 %", "2"}, {2, 3, "≈ 66.7 %", ""}, {3, 8, "= 37.5 %", "2.7"},
		{114, 8821, "≈ 1.29 %", "77"}, {1, 1081742, "≈ 0.0000924 %", "1081742"}, {999, 1000, "= 99.9 %", ""}, {1, 1000, "= 0.1 %", "1000"},
	} {
		f, err := draw.NewFraction(test.num, test.den)
		require.NoError(t, err)
		percent, oneIn := chance(f)
		require.Equal(t, test.percent, percent)
		require.Equal(t, test.oneIn, oneIn)
	}
}

func TestCall(t *testing.T) {
	s := newSession()
	require.JSONEq(t, `{"problem":{"text":{"en":"The page made a mistake","zh":"页面出错"},"detail":"no request \"fly\" with 1 arguments"}}`, string(s.Call("fly", []byte(`["a"]`))))
	require.Contains(t, string(s.Call("find", []byte(`{`))), "The page made a mistake")
	require.JSONEq(t, `{"ok":true}`, string(s.Call("close", nil)))
	v := vectorOf(t, "sealed")
	require.Contains(t, string(s.Call("open", zipOf(t, "", v.Files))), `{"ok":{"files":`)
	first, _, _ := strings.Cut(v.Files[audit.FileFrame], " ")
	turned, err := json.Marshal([]string{first + "\u202e\u0085 中文\n"})
	require.NoError(t, err)
	args, err := json.Marshal([]string{v.Policy})
	require.NoError(t, err)
	require.Contains(t, string(s.Call("policy", args)), `{"ok":{"text":"doublerandom/policy/v1\n`)
	require.Contains(t, string(s.Call("verify", nil)), `"verdict":"right"`)
	require.Contains(t, string(s.Call("prepare", nil)), `"opened":true`)
	require.Contains(t, string(s.Call("find", turned)), `"id":"`+first+`�� 中文"`, "characters that turn the direction of writing are shown as such")
}
