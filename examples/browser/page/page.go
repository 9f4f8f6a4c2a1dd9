// Package page is what the page in examples/browser knows and decides, without a
// browser: it opens what a visitor brings, verifies it, and answers in values that
// the page shows. Every text is there in English and Chinese, so that the page
// can switch between them.
package page

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/examples/internal/bundlefs"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// MaxZip is the greatest uncompressed size of a zip that a page takes, in bytes: a
// browser gives it 4 GiB of memory in all.
const MaxZip = 1 << 30

// maxRead bounds what one request reads: some files are read twice.
const maxRead = 2 * MaxZip

// A Session is what one visitor has brought so far. Its zero value lacks Suite and
// Now. It is not safe for concurrent use.
type Session struct {
	// Suite is the suite sha256, in the fastest form that the platform has.
	Suite draw.Suite
	// Now is the clock, for the day of a draft.
	Now func() time.Time
	// Show is called while files are read; nil for nobody.
	Show func(name string, done, size int64)

	files    *bundlefs.Watched // of the bundle; nil before one is opened
	receipt  []byte
	policy   *audit.Policy
	verified bool // files, under some policy
	right    bool // as far as whom the draw took
	rows     *rows
}

// A Problem is an error for the visitor: a text of the page's own, and what the
// library said of it, in English.
type Problem struct {
	Text   wording.Text `json:"text"`
	Detail string       `json:"detail,omitempty"`
}

// Error returns the English message.
func (p *Problem) Error() string {
	if p.Detail == "" {
		return p.Text.EN
	}
	return p.Text.EN + ": " + p.Detail
}

// problem returns a Problem, with the message of err if it is not nil.
func problem(err error, english, chinese string) *Problem {
	p := &Problem{Text: wording.Both(english, chinese)}
	if err != nil {
		p.Detail = err.Error()
	}
	return p
}

// A Bundle is what a bundle says of itself, before anything is verified.
type Bundle struct {
	Files int          `json:"files"`           // number of files
	Facts []Fact       `json:"facts"`           // who, what, which list
	Story []Event      `json:"story"`           // what was published when
	Draft string       `json:"draft"`           // a policy as the bundle would like it; "" if there is none
	Warn  *Problem     `json:"warn,omitempty"`  // why there is no draft
	Note  wording.Text `json:"note"`            // what a draft is worth
	Claim *PulseClaim  `json:"claim,omitempty"` // the beacon's value, as claimed
}

// Open opens a zip with the published files of one draw, in place of any before.
// If it fails with a *[Problem], the session is as before.
func (s *Session) Open(data []byte) (*Bundle, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, problem(err, "This file is not a zip that can be read", "此文件不是可读的 zip 文件")
	}
	root, err := bundlefs.OfZip(z, MaxZip, false, "; the program verify takes larger ones")
	if err != nil {
		return nil, problem(err, "This zip is too large for the page", "此 zip 文件超出本页的容量")
	}
	if _, err := fs.Stat(root, audit.FileSeries); errors.Is(err, fs.ErrNotExist) {
		if _, err := fs.Stat(root, "0001/"+audit.FileSeries); err == nil {
			return nil, problem(nil, "This zip holds all draws of a series. The page checks one: choose a zip of one draw, or use the program verify with “series”.",
				"此 zip 含有一个系列的全部抽取。本页一次核验一次抽取：请选择单次抽取的 zip，或使用 verify 程序的 series 命令。")
		}
		return nil, problem(nil, "This zip holds no published draw: it has no series.note.", "此 zip 中没有已发布的抽取材料：缺少 series.note。")
	}
	watched := &bundlefs.Watched{FS: root, Left: maxRead, Hint: " of this page", Show: s.Show}
	b := &Bundle{Note: wording.DraftNote()}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, "/") {
			b.Files++
		}
	}
	st := s.readStatements(watched)
	b.Facts, b.Story, b.Claim = st.facts(), st.story(), st.claim()
	policy, err := audit.Draft(watched, s.Now().UTC().Truncate(time.Second))
	if err == nil {
		var text []byte
		if text, err = policy.MarshalText(); err == nil {
			b.Draft = string(text)
		}
	}
	if err != nil {
		b.Warn = problem(err, "The bundle does not say properly whom to trust", "材料包没有正确说明应信任谁")
	}
	s.files, s.verified, s.right, s.rows = watched, false, false, nil
	return b, nil
}

// Close forgets the bundle.
func (s *Session) Close() { s.files, s.verified, s.right, s.rows = nil, false, false, nil }

// count formats a number with spaces between thousands, as in both languages.
func count[T int | uint64 | int64](n T) string {
	digits := fmt.Sprint(n)
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune('\u202f') // a narrow space that does not break
		}
		b.WriteRune(c)
	}
	return b.String()
}
