package matching

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzAssign takes random problems through assigning, writing, reading, checking
// and doing it again.
func FuzzAssign(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(4))
	f.Add(uint64(2), uint8(20), uint8(9))
	f.Fuzz(func(t *testing.T, seed uint64, tasks, inspectors uint8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := randomSmall(rng, 1+int(tasks%40), 2+int(inspectors%40), true).problem(t)
		key := keyOf(int(seed % 1000))
		r, _, err := p.Assign(key)
		require.NoError(t, err)
		parsed, err := ParseRoster(strings.NewReader(rosterText(t, r)))
		require.NoError(t, err)
		require.Equal(t, r, parsed)
		require.NoError(t, p.Check(parsed, Full))
		require.NoError(t, p.Verify(key, parsed))
		_, err = p.Report(parsed)
		require.NoError(t, err)
	})
}

// FuzzParseRoster reads any text: what is taken is written the same, and can be
// checked against a problem without harm.
func FuzzParseRoster(f *testing.F) {
	p := randomSmall(rand.New(rand.NewPCG(1, 1)), 5, 4, false).problem(f)
	r, _, err := p.Assign(keyOf(1))
	require.NoError(f, err)
	text := rosterText(f, r)
	f.Add([]byte(text))
	f.Add([]byte(strings.Replace(text, "team", "teem", 1)))
	f.Add([]byte(text[:len(text)-1]))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ParseRoster(bytes.NewReader(data))
		if err != nil {
			require.Nil(t, r)
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.Equal(t, string(data), rosterText(t, r))
		p.Check(r, Full)
		p.Check(r, Public)
		p.Verify(r.Key(), r)
	})
}

// FuzzParseInputs reads any text as a directory or a problem.
func FuzzParseInputs(f *testing.F) {
	p := randomSmall(rand.New(rand.NewPCG(1, 1)), 5, 4, true).problem(f)
	var directory, problem bytes.Buffer
	p.dir.WriteTo(&directory)
	p.WriteTo(&problem)
	f.Add(directory.Bytes())
	f.Add(problem.Bytes())
	f.Add(bytes.Replace(problem.Bytes(), []byte("tasks 5"), []byte("tasks 268435456"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDirectory(sha256.New, data)
		if err == nil {
			var again bytes.Buffer
			d.WriteTo(&again)
			require.Equal(t, string(data), again.String())
		} else {
			require.Nil(t, d)
		}
		q, err := p.dir.ParseProblem(data)
		if err == nil {
			var again bytes.Buffer
			q.WriteTo(&again)
			require.Equal(t, string(data), again.String())
		} else {
			require.Nil(t, q)
		}
	})
}
