package verifier

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// run runs the program and returns its exit status and what it printed.
func run(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	p := &Program{
		Name: "verify", Full: "verify-full", Suites: []draw.Suite{draw.SHA256()}, Stdout: &out, Stderr: &errs,
		Now: func() time.Time { return time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC) },
	}
	status = p.Main(args)
	return status, out.String(), errs.String()
}

func TestProgram(t *testing.T) {
	files, policyText := bundleFiles(t)
	dir := writeFolder(t, files)
	policy := filepath.Join(t.TempDir(), "policy.txt")
	require.NoError(t, os.WriteFile(policy, []byte(policyText), 0o644))
	series := map[string][]byte{}
	for name, text := range files {
		series["0001/"+name] = text
	}
	edited := map[string][]byte{}
	for name, text := range files {
		edited[name] = text
	}
	edited["frame.txt"] = bytes.Replace(files["frame.txt"], []byte("company-3"), []byte("company-3a"), 1)
	without := strings.Replace(policyText, "value 2026101x3", "value 2026102x3", 1)
	noValue := filepath.Join(t.TempDir(), "policy.txt")
	require.NoError(t, os.WriteFile(noValue, []byte(without), 0o644))
	sm3 := filepath.Join(t.TempDir(), "policy.txt")
	require.NoError(t, os.WriteFile(sm3, []byte(strings.Replace(policyText, "suite sha256", "suite sm3", 1)), 0o644))
	receipt := filepath.Join(dir, "receipts", "1.note")
	packed, err := seal.PackReceipt(files["receipts/1.note"])
	require.NoError(t, err)
	scanned := writeFolder(t, map[string][]byte{
		"good.txt": []byte(packed + "\r\n"), "cut.txt": []byte(packed[:100]), "lower.txt": []byte(packed[:4] + strings.ToLower(packed[4:])),
		"code.png": []byte("\x89PNG\r\n\x1a\n"), "code.jpg": []byte("\xff\xd8\xff"), "long.note": make([]byte, 1<<20+1),
	})
	scan := func(name string) string { return filepath.Join(scanned, name) }

	for _, test := range []struct {
		name   string
		args   []string
		status int
		out    string // part of what is printed
		err    string // part of the messages
	}{
		{"folder", []string{"-policy", policy, dir}, Right, "Verdict: OPENED AND CORRECT\n", ""},
		{"folder in Chinese", []string{"-policy", policy, "-lang", "zh", dir}, Right, "结论: 已公开，正确\n", ""},
		{"mode in Chinese", []string{"-policy", policy, "-lang", "zh", dir}, Right, "先封存、后公开\n", ""},
		{"English details", []string{"-policy", policy, "-lang", "zh", dir}, Right, wording.Details + "\n\n通过", ""},
		{"flags behind", []string{dir, "-policy", policy}, Right, "ok          the list of companies is the one frozen\n", ""},
		{"zip", []string{"-policy", policy, writeZip(t, "", files)}, Right, "OPENED AND CORRECT", ""},
		{"zip with a folder", []string{"-policy", policy, writeZip(t, "bundle/", files)}, Right, "OPENED AND CORRECT", ""},
		{"too large a zip", []string{"-policy", policy, "-max-zip", "1000", writeZip(t, "", files)}, CannotTell, "", "bytes when uncompressed, of 1000 allowed: see -max-zip"},
		{"edited", []string{"-policy", policy, writeFolder(t, edited)}, Wrong, "Verdict: WRONG\n", ""},
		{"edited, in Chinese", []string{"-policy", policy, "-lang", "zh", writeFolder(t, edited)}, Wrong, "不符        名录与冻结时一致\n", ""},
		{"not opened in time", []string{"-policy", policy, "-at", "2026-11-24T08:00:00Z", dir}, Wrong, "opening claims a time after that of this verification", ""},
		{"now", []string{"-policy", policy, "-at", "now", dir}, Wrong, "have 2026-11-24T20:00:00Z", ""},
		{"beacon without a value", []string{"-policy", noValue, dir}, CannotTell, "verify-full has more hash suites", ""},
		{"suite", []string{"-policy", sm3, dir}, CannotTell, `none of the policy's suites: ["sm3"]`, ""},
		{"receipt", []string{"-policy", policy, "receipt", receipt}, Right, `"company-3" is number 4 of 10 units, in stratum "A" with weight 1; outcome: `, ""},
		{"receipt and bundle", []string{"-policy", policy, "receipt", receipt, dir}, Right, "the receipt given agrees", ""},
		{"no receipt", []string{"-policy", policy, "receipt", filepath.Join(dir, "plan.txt")}, Wrong, "it is not a signed note", ""},
		{"text of a QR code", []string{"-policy", policy, "receipt", scan("good.txt")}, Right, `"company-3" is number 4 of 10 units, in stratum "A" with weight 1; outcome: `, ""},
		{"text of a QR code and bundle", []string{"-policy", policy, "receipt", scan("good.txt"), dir}, Right, "the receipt given agrees", ""},
		{"cut text", []string{"-policy", policy, "receipt", scan("cut.txt")}, CannotTell, "", "verify: " + scan("cut.txt") + ": seal: unpack receipt: its 64 bytes: unexpected EOF\n"},
		{"text in lower case", []string{"-policy", policy, "receipt", scan("lower.txt")}, CannotTell, "", "lower.txt: seal: unpack receipt: after \"DR1:\": base45: character "},
		{"picture", []string{"-policy", policy, "receipt", scan("code.png")}, CannotTell, "", "verify: " + scan("code.png") + " is a picture: verify-full reads it\n"},
		{"photograph", []string{"-policy", policy, "receipt", scan("code.jpg")}, CannotTell, "", "verify: " + scan("code.jpg") + " is a picture: verify-full reads it\n"},
		{"long receipt", []string{"-policy", policy, "receipt", scan("long.note")}, CannotTell, "", "long.note: more than 1048576 bytes"},
		{"no command qr", []string{"qr", receipt, scan("new.png")}, CannotTell, "", "verify: expected one bundle, receipt or folder: see verify -h\n"},
		{"series", []string{"-policy", policy, "series", writeFolder(t, series)}, Right, "the draws follow one another without gap or fork; number of draws: 1", ""},
		{"series in a zip", []string{"-policy", policy, "series", writeZip(t, "", series)}, Right, "the draws follow one another without gap or fork; number of draws: 1", ""},
		{"draft", []string{dir}, CannotTell, "doublerandom/policy/v1\nat 2026-11-24T08:00:00Z\nseries ", "Nothing was verified"},
		{"help", []string{"-h"}, Right, "Exit status: 0", ""},
		{"nothing", nil, CannotTell, "", "verify: expected one bundle, receipt or folder: see verify -h\n"},
		{"two bundles", []string{"-policy", policy, dir, dir}, CannotTell, "", "expected one bundle"},
		{"unknown flag", []string{"-color", dir}, CannotTell, "", "flag provided but not defined: -color"},
		{"language", []string{"-policy", policy, "-lang", "fr", dir}, CannotTell, "", `language "fr", expected en or zh`},
		{"receipt without a policy", []string{"receipt", receipt}, CannotTell, "", "-policy is needed"},
		{"no policy there", []string{"-policy", "none", dir}, CannotTell, "", "none: no such file"},
		{"broken policy", []string{"-policy", receipt, dir}, CannotTell, "", "audit: policy line 1"},
		{"no bundle there", []string{"-policy", policy, "none"}, CannotTell, "", "none: no such file"},
		{"neither folder nor zip", []string{"-policy", policy, receipt}, CannotTell, "", "is neither a folder nor a .zip"},
		{"time", []string{"-policy", policy, "-at", "noon", dir}, CannotTell, "", `-at "noon" is not a time such as`},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, out, errs := run(test.args...)
			require.Equal(t, test.status, status, out+errs)
			require.Contains(t, out, test.out)
			require.Contains(t, errs, test.err)
			if test.err == "" {
				require.Empty(t, errs)
			}
		})
	}

	status, out, _ := run("-policy", policy, "-json", dir)
	require.Equal(t, Right, status)
	var report struct {
		Verdict string
		Number  int
		Checks  []struct{ Name, Status, Text string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	require.Equal(t, "opened and correct", report.Verdict)
	require.Equal(t, audit.CheckNames()[0], report.Checks[0].Name)
	require.Equal(t, "ok", report.Checks[0].Status)
	status, out, _ = run("-policy", policy, "-json", "series", writeFolder(t, series))
	require.Equal(t, Right, status)
	require.Contains(t, out, `"folder": "0001"`)
}

// TestUsage has the command qr and pictures only where the program brings them.
func TestUsage(t *testing.T) {
	usage := func(p Program) string {
		var out bytes.Buffer
		p.Name, p.Stdout = "verify", &out
		require.Equal(t, Right, p.Main([]string{"-h"}))
		return out.String()
	}
	plain := usage(Program{})
	require.Contains(t, plain, "as a draft of a policy\n\nA receipt is a file with the signed note, or with the text of its QR code.\n")
	require.NotContains(t, plain, " qr ")
	require.NotContains(t, plain, "picture")
	require.NotContains(t, plain, "%!")
	full := usage(Program{PrintQR: func(string) (QR, error) { return QR{}, nil }, ReadQR: func([]byte) (string, error) { return "", nil }})
	require.Contains(t, full, "as a draft of a policy\n  verify qr RECEIPT PICTURE.png                        a receipt as a QR code")
	require.Contains(t, full, "QR code,\nor a picture of the code alone (PNG or JPEG, seen from straight above).\n")
	require.NotContains(t, full, "%!")
}

func TestCleanTakesTerminalsNoOrders(t *testing.T) {
	require.Equal(t, "a\ufffd[2Jb\ufffdc", clean("a\x1b[2Jb\u202ec"))
}

func TestProgress(t *testing.T) {
	files, policyText := bundleFiles(t)
	policy := filepath.Join(t.TempDir(), "policy.txt")
	require.NoError(t, os.WriteFile(policy, []byte(policyText), 0o644))
	var out, errs bytes.Buffer
	clock := time.Unix(0, 0)
	p := &Program{Name: "verify", Suites: []draw.Suite{draw.SHA256()}, Stdout: &out, Stderr: &errs, Progress: true,
		Now: func() time.Time { clock = clock.Add(time.Second); return clock }}
	require.Equal(t, Right, p.Main([]string{"-policy", policy, writeFolder(t, files)}))
	require.Contains(t, errs.String(), "\r\x1b[Kframe.txt 100 %")
	require.True(t, strings.HasSuffix(errs.String(), "\r\x1b[K"))
}
