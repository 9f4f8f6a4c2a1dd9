package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/internal/sm3"
	"github.com/stretchr/testify/require"
)

// vectorsSum is the SHA-256 over name, length and bytes of all vectors: one number
// that changes with any of them.
const vectorsSum = "74382f641e550cb85536ba24dae266d928617aeecd1f6d1cf53ddd833a937345"

// A vector is what these tests read of draw/testdata/protocol.
type vector struct {
	Name        string            `json:"name"`
	Base        string            `json:"base"` // of an invalid vector: the valid one
	Policy      string            `json:"policy"`
	FrameSecret string            `json:"frame_secret"`
	Verdict     string            `json:"verdict"`
	Files       map[string]string `json:"files"`
	Remove      []string          `json:"remove"`
	Check       string            `json:"check"`
	Status      string            `json:"status"`
	Receipt     string            `json:"receipt"` // the file that VerifyReceipt must refuse, too
}

func readVectors(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../testdata/protocol/" + pattern)
	require.NoError(t, err)
	require.NotEmpty(t, names)
	all := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		all[filepath.Base(name)] = data
	}
	return all
}

func (v *vector) fs() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range v.Files {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func (v *vector) policy(t *testing.T) *Policy {
	t.Helper()
	p, err := ParsePolicy([]byte(v.Policy))
	require.NoError(t, err)
	slow, err := draw.NewSuite("sm3", sm3.New, draw.KnownAnswer{Message: "abc", Digest: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"})
	require.NoError(t, err)
	p.Suites = []draw.Suite{draw.SHA256(), slow}
	if v.FrameSecret != "" {
		secret, err := hex.DecodeString(v.FrameSecret)
		require.NoError(t, err)
		p.FrameSecret = (*[32]byte)(secret)
	}
	return p
}

// reports verifies the vector. The first report is that on the series, if it is
// one.
func (v *vector) reports(t *testing.T) []*Report {
	t.Helper()
	if _, ok := v.Files["0001/notice.note"]; !ok {
		return []*Report{Verify(v.fs(), v.policy(t))}
	}
	s := VerifySeries(v.fs(), v.policy(t))
	all := []*Report{&s.Report}
	for _, d := range s.Draws {
		all = append(all, d.Report)
	}
	return all
}

func validVectors(t *testing.T) map[string]*vector {
	t.Helper()
	all := map[string]*vector{}
	for _, data := range readVectors(t, "valid-*.json") {
		v := new(vector)
		require.NoError(t, json.Unmarshal(data, v))
		all[v.Name] = v
	}
	return all
}

// TestValidVectors verifies whole bundles, and each receipt in them.
func TestValidVectors(t *testing.T) {
	receipts := 0
	for name, v := range validVectors(t) {
		t.Run(name, func(t *testing.T) {
			reports := v.reports(t)
			require.Equal(t, v.Verdict, reports[0].Verdict.String(), reports[0].String())
			for _, r := range reports {
				_, bad := r.First(Wrong)
				require.False(t, bad, r.String())
			}
			for file, text := range v.Files {
				folder, rest, series := strings.Cut(file, "/receipts/")
				if !series {
					folder, rest = ".", strings.TrimPrefix(file, "receipts/")
				}
				if rest == file {
					continue
				}
				others := [][]byte{[]byte(v.Files[strings.TrimPrefix(folder+"/notice.note", "./")]), []byte(v.Files[strings.TrimPrefix(folder+"/sealed.note", "./")])}
				r := VerifyReceipt([]byte(text), v.policy(t), others...)
				require.Equal(t, Fixed, r.Verdict, r.String())
				receipts++
			}
		})
	}
	require.GreaterOrEqual(t, receipts, 10)
}

// TestInvalidVectors verifies bundles with one fault each: the check for that kind
// of fault must find it.
func TestInvalidVectors(t *testing.T) {
	valid := validVectors(t)
	var faults []*vector
	require.NoError(t, json.Unmarshal(readVectors(t, "invalid.json")["invalid.json"], &faults))
	require.GreaterOrEqual(t, len(faults), 25)
	found := map[string]bool{}
	for _, v := range faults {
		t.Run(v.Name, func(t *testing.T) {
			base := valid[v.Base]
			require.NotNil(t, base)
			files := maps.Clone(base.Files)
			for _, name := range v.Remove {
				require.Contains(t, files, name)
				delete(files, name)
			}
			for name, text := range v.Files {
				require.NotEqual(t, files[name], text, name)
				files[name] = text
			}
			v.Files = files
			if v.Policy == "" {
				v.Policy = base.Policy
			}
			if v.FrameSecret == "" {
				v.FrameSecret = base.FrameSecret
			}
			require.Contains(t, CheckNames(), v.Check)
			reports := v.reports(t)
			require.Equal(t, v.Verdict, reports[0].Verdict.String(), reports[0].String())
			require.True(t, slices.ContainsFunc(reports, func(r *Report) bool { return r.Of(v.Check).String() == v.Status }), "%s", reports)
			found[v.Check+" "+v.Status] = true
			if v.Receipt != "" {
				r := VerifyReceipt([]byte(files[v.Receipt]), v.policy(t), []byte(files["notice.note"]), []byte(files["sealed.note"]))
				require.Equal(t, WrongVerdict, r.Verdict, r.String())
			}
		})
	}
	require.GreaterOrEqual(t, len(found), 17)
}

// TestVectorsArePinned fails when any vector changes.
func TestVectorsArePinned(t *testing.T) {
	h := sha256.New()
	size := 0
	all := readVectors(t, "*.json")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(h, "%s %d\n%s", name, len(all[name]), all[name])
		size += len(all[name])
	}
	require.Less(t, size, 1_500_000)
	require.Equal(t, vectorsSum, hex.EncodeToString(h.Sum(nil)))
}
