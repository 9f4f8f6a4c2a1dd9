package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/credit/dossier"
	"github.com/doublerandom/doublerandom/credit/journal"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/teams"
	"golang.org/x/mod/sumdb/note"
)

// The files and folders beside each other in the output.
const (
	dirSeries   = "series"   // the bundles: all that anybody needs for the draws
	dirCoverage = "coverage" // the full-coverage plan
	dirReceipts = "receipts" // what the companies of flying inspections were given on arrival
	filePolicy  = "policy.txt"
	fileHead    = "journal-head.note"
	fileCredit  = "credit-file.txt"
	fileJournal = "inspections.jsonl" // in dirArchive
	dirArchive  = "archive"           // the regulator's own
)

// Verified is what verification found.
type verified struct {
	series           *audit.SeriesReport
	verdicts         map[audit.Verdict]int
	drawn            int
	partly           int // draws whose exclusions are private, so that the roster is checked in part
	covered, entries int
}

// verify checks all that was published, from the files alone: nothing is kept in memory from how they were made. The
// policy file is the verifier's own in truth.
func verify(dir string, out io.Writer) (*verified, error) {
	text, err := os.ReadFile(filepath.Join(dir, filePolicy))
	if err != nil {
		return nil, err
	}
	policy, err := audit.ParsePolicy(text)
	if err != nil {
		return nil, err
	}
	policy.Roster = teams.Check
	v := &verified{verdicts: map[audit.Verdict]int{}}
	v.series = audit.VerifySeries(os.DirFS(filepath.Join(dir, dirSeries)), policy)
	for _, d := range v.series.Draws {
		v.verdicts[d.Verdict]++
		v.drawn += d.Drawn
		if d.Verdict == audit.OpenedCorrect && d.Of(audit.CheckMatching) != audit.OK {
			v.partly++
		}
	}
	fmt.Fprintf(out, "  the series: %s\n", v.series.Reason)
	fmt.Fprintf(out, "  %s draws opened and correct, %d called off as the rules allow; of %d the exclusions are private, so that the roster is checked in part\n",
		grouped(v.verdicts[audit.OpenedCorrect]), v.verdicts[audit.Called], v.partly)
	if v.series.Verdict != audit.OpenedCorrect {
		return v, fmt.Errorf("verdict: %s: %s", v.series.Verdict, v.series.Reason)
	}
	var receipts int
	if v.covered, receipts, err = checkCover(filepath.Join(dir, dirCoverage), policy); err != nil {
		return v, err
	}
	fmt.Fprintf(out, "  the coverage plan: %d bodies fall into exactly these batches; %d of their receipts agree\n", v.covered, receipts)
	if receipts, err = checkReceipts(dir, policy); err != nil {
		return v, err
	}
	fmt.Fprintf(out, "  %d companies check the receipts of their flying inspections offline: drawn before anybody came\n", receipts)
	if v.entries, err = checkJournal(dir, policy); err != nil {
		return v, err
	}
	fmt.Fprintf(out, "  the regulator's journal: %s entries in an unbroken chain that ends in the published head\n", grouped(v.entries))
	file, err := os.ReadFile(filepath.Join(dir, fileCredit))
	if err != nil {
		return v, err
	}
	_, err = dossier.ChineseRules().ParseFile(file)
	return v, err
}

// checkReceipts checks the receipts of flying inspections with the policy, the notice and the sealed result.
func checkReceipts(dir string, policy *audit.Policy) (int, error) {
	names, err := filepath.Glob(filepath.Join(dir, dirReceipts, "*.note"))
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		bundle := filepath.Join(dir, dirSeries, strings.TrimSuffix(filepath.Base(name), ".note"))
		var texts [3][]byte
		for i, file := range []string{name, filepath.Join(bundle, audit.FileNotice), filepath.Join(bundle, audit.FileSealed)} {
			if texts[i], err = os.ReadFile(file); err != nil {
				return 0, err
			}
		}
		if r := audit.VerifyReceipt(texts[0], policy, texts[1:]...); r.Verdict != audit.Fixed {
			return 0, fmt.Errorf("%s: %s", name, r.Reason)
		}
	}
	return len(names), nil
}

// checkJournal reads the journal and compares it with its signed head.
func checkJournal(dir string, policy *audit.Policy) (int, error) {
	signed, err := os.ReadFile(filepath.Join(dir, fileHead))
	if err != nil {
		return 0, err
	}
	v, err := note.NewVerifier(policy.Regulators[0])
	if err != nil {
		return 0, err
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return 0, err
	}
	var head journal.Head
	if err := head.UnmarshalText([]byte(n.Text)); err != nil {
		return 0, err
	}
	f, err := os.Open(filepath.Join(dir, dirArchive, fileJournal))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	j, err := journal.ReadRecords(bufio.NewReader(f), origin, func(e journal.Entry) error {
		_, err := credit.ParseEntry(e.Record)
		return err
	}, hashes())
	if err != nil {
		return 0, err
	}
	return int(j.Len()), j.Check(head)
}

// sizesOf returns the number of bytes and files of each folder of the output, and the largest bundle.
func sizesOf(dir string) (bytes, files map[string]int64, largest int64, err error) {
	bytes, files = map[string]int64{}, map[string]int64{}
	bundles := map[string]int64{}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		parts := strings.Split(filepath.ToSlash(name), "/")
		bytes[parts[0]] += info.Size()
		files[parts[0]]++
		if parts[0] == dirSeries && len(parts) > 1 {
			bundles[parts[1]] += info.Size()
			largest = max(largest, bundles[parts[1]])
		}
		return err
	})
	return bytes, files, largest, err
}

// grouped returns n with commas between groups of three digits.
func grouped[T int | int64 | uint64](n T) string {
	text := strconv.FormatInt(int64(n), 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
