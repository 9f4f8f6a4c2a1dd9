package matching

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the vectors anew, by the reference")

// vectorsSum is the SHA-256 of the vectors, which hold for good.
const vectorsSum = "817fc6e2ab2ac3883ba0436fc79595635b2ee23779eb37713ba5599d7c97e5fb"

// A vector is a problem with its roster, and what lies between, by the reference.
type vector struct {
	Name      string   `json:"name"`
	Directory string   `json:"directory"`
	Problem   string   `json:"problem"`
	Key       string   `json:"key"`
	Tasks     []string `json:"tasks"`    // by ticket
	Ranks     []string `json:"ranks"`    // inspectors by rank: rank and ID
	Words     []string `json:"words"`    // the first random words
	Admitted  []string `json:"admitted"` // inspectors of the places in order, "" for nobody, after that stage
	Balanced  []string `json:"balanced"`
	Repaired  []string `json:"repaired"`
	Roster    string   `json:"roster"`
}

func (r *reference) seats() []string {
	seats := make([]string, len(r.places))
	for p := range r.places {
		seats[p] = r.at[p]
	}
	return seats
}

func (s small) vector(t *testing.T, name string, key Key) vector {
	p := s.problem(t)
	var directory, problem bytes.Buffer
	p.dir.WriteTo(&directory)
	p.WriteTo(&problem)
	v := vector{Name: name, Directory: directory.String(), Problem: problem.String(), Key: hexText(key)}
	r := newReference(v.Directory, v.Problem, key)
	v.Tasks = slices.Clone(r.tasks)
	slices.SortStableFunc(v.Tasks, func(x, y string) int { return strings.Compare(r.taskTicket[x], r.taskTicket[y]) })
	for _, i := range r.byRank() {
		v.Ranks = append(v.Ranks, fmt.Sprintf("%016x %s", r.rank[i], i))
	}
	r.admit()
	v.Admitted = r.seats()
	r.balance()
	v.Balanced = r.seats()
	r.repair()
	v.Repaired = r.seats()
	r.below(1)
	v.Words = []string{}
	for _, w := range r.words {
		v.Words = append(v.Words, fmt.Sprintf("%08x", w))
	}
	v.Roster = newReference(v.Directory, v.Problem, key).roster(refHash(v.Problem), key)
	return v
}

// vectorProblems are problems that show all rules at work.
func vectorProblems(t *testing.T) (all []vector) {
	team := func(area string) []Place {
		return []Place{{Area: area, Role: "lead"}, {Area: area, Certificate: "food"}}
	}
	food := []Certificate{{Kind: "food"}}
	plain := small{
		inspectors: []Inspector{
			{ID: "张三", Areas: []string{"370202"}, Roles: []string{"lead"}, Certificates: food, Capacity: 2}, {ID: "李四", Areas: []string{"370202"}, Certificates: food, Capacity: 2, Carried: 1},
			{ID: "i-3", Areas: []string{"370202", "370203"}, Roles: []string{"lead"}, Certificates: food, Capacity: 3}, {ID: "i-4", Areas: []string{"370203"}, Certificates: food, Capacity: 3},
		},
		tasks: []Task{{"t-1", team("370202")}, {"t-2", team("370202")}, {"t-3", team("370203")}, {"t-4", append(team("370203"), Place{})}},
	}
	all = append(all, plain.vector(t, "plain", keyOf(1)))
	excluded := plain
	excluded.exclusions = []Exclusion{{"t-1", "张三", "kinship"}, {"t-1", "张三", "declared"}, {"t-3", "i-4", "former-employer"}}
	excluded.forbidden = []Pair{{"张三", "李四", "rotation"}}
	all = append(all, excluded.vector(t, "excluded", keyOf(2)))
	rng := rand.New(rand.NewPCG(17, 18))
	for n := range 6 {
		all = append(all, randomSmall(rng, 8+n, 8, true).vector(t, fmt.Sprintf("random-%d", n+1), keyOf(n+3)))
	}
	return all
}

// TestVectors takes the vectors through every path that reads them.
func TestVectors(t *testing.T) {
	const file = "testdata/vectors.json"
	want, err := json.MarshalIndent(vectorProblems(t), "", " ")
	require.NoError(t, err)
	want = append(want, '\n')
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, want, 0o644))
	}
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(data))
	require.Equal(t, vectorsSum, fmt.Sprintf("%x", sha256.Sum256(data)))
	var vectors []vector
	require.NoError(t, json.Unmarshal(data, &vectors))
	refused, repaired, balanced := 0, 0, 0
	for _, v := range vectors {
		d, err := ParseDirectory(sha256.New, []byte(v.Directory))
		require.NoError(t, err)
		p, err := d.ParseProblem([]byte(v.Problem))
		require.NoError(t, err)
		key, err := hex.DecodeString(v.Key)
		require.NoError(t, err)
		r, _, err := p.Assign(Key(key))
		require.NoError(t, err)
		require.Equal(t, v.Roster, rosterText(t, r), v.Name)
		published, err := ParseRoster(strings.NewReader(v.Roster))
		require.NoError(t, err)
		require.NoError(t, p.Check(published, Full))
		require.NoError(t, p.Verify(Key(key), published))
		refused += strings.Count(v.Roster, "\nrefused ") - 1
		repaired += len(v.Repaired)
		if slices.Equal(v.Repaired, v.Balanced) {
			repaired -= len(v.Repaired)
		}
		if !slices.Equal(v.Balanced, v.Admitted) {
			balanced++
		}
	}
	require.Positive(t, refused)
	require.Positive(t, repaired)
	require.Positive(t, balanced)
}
