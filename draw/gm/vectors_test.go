package gm

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func readVector(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../testdata", name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, v))
}

// TestDrawVector draws as the vector under SM3 says, which was made by another
// SM3 than this package's.
func TestDrawVector(t *testing.T) {
	var v struct{ Frame, Plan, Seed, Result string }
	readVector(t, "vectors/draw-sm3.json", &v)
	frame, err := registry.ParseFrame(strings.NewReader(v.Frame))
	require.NoError(t, err)
	plan, err := draw.ParsePlan(strings.NewReader(v.Plan), SM3())
	require.NoError(t, err)
	seed, err := draw.ParseSeed(v.Seed)
	require.NoError(t, err)
	result, err := draw.Run(plan, frame, seed)
	require.NoError(t, err)
	var text bytes.Buffer
	_, err = result.WriteTo(&text)
	require.NoError(t, err)
	require.Equal(t, v.Result, text.String())
	require.NoError(t, draw.Check(plan, frame, result))
}

// TestBundleVector verifies a whole public draw under SM3, and what a verifier
// without SM3 says of it.
func TestBundleVector(t *testing.T) {
	var v struct {
		Policy, Verdict string
		Files           map[string]string
	}
	readVector(t, "protocol/valid-sm3.json", &v)
	files := fstest.MapFS{}
	for name, text := range v.Files {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	policy, err := audit.ParsePolicy([]byte(v.Policy))
	require.NoError(t, err)
	policy.Suites = []draw.Suite{draw.SHA256(), SM3()}
	report := audit.Verify(files, policy)
	require.Equal(t, v.Verdict, report.Verdict.String(), report.String())

	policy.Suites = nil
	report = audit.Verify(files, policy)
	require.Equal(t, audit.CannotTell, report.Verdict, report.String())
	require.Contains(t, report.Reason, "sm3")
}
