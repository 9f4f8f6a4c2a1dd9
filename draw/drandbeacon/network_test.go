package drandbeacon

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/cloudflare/circl/ecc/bls12381"
	"github.com/cloudflare/circl/ecc/bls12381/ff"
	"github.com/stretchr/testify/require"
)

// hashed returns the network with the chain hash of its fields.
func hashed(t testing.TB, n Network) Network {
	key, err := hex.DecodeString(n.PublicKey)
	require.NoError(t, err)
	seed, err := hex.DecodeString(n.GenesisSeed)
	require.NoError(t, err)
	sum := n.chainHash(key, seed)
	n.ChainHash = hex.EncodeToString(sum[:])
	return n
}

// ownNetwork returns a beacon whose secret key is known: a round a minute.
func ownNetwork(t testing.TB, key *bls12381.Scalar) *Beacon {
	public := new(bls12381.G2)
	public.ScalarMult(key, bls12381.G2Generator())
	b, err := New(hashed(t, Network{
		Name:        "own",
		PublicKey:   hex.EncodeToString(public.BytesCompressed()),
		GenesisSeed: quicknetSeed,
		Genesis:     1000,
		Period:      60,
		BeaconID:    "default",
	}))
	require.NoError(t, err)
	return b
}

// outsideG2 returns a point of the twist that is not in G2: G2 has one of about
// 2^253 points only.
func outsideG2(t *testing.T) string {
	var b ff.Fp2
	b[0].SetUint64(4)
	b[1].SetUint64(4)
	for i := uint64(1); ; i++ {
		var x, y ff.Fp2
		x[0].SetUint64(i)
		y.Sqr(&x)
		y.Mul(&y, &x)
		y.Add(&y, &b)
		if y.Sqrt(&y) == 0 {
			continue
		}
		data, err := x.MarshalBinary()
		require.NoError(t, err)
		data[0] |= 0x80
		return hex.EncodeToString(data)
	}
}

func TestNewRefuses(t *testing.T) {
	quicknet := NewQuicknet().Network()
	outside := outsideG2(t)
	for _, tt := range []struct {
		name   string
		change func(*Network)
		rehash bool
		want   string
	}{
		{"name", func(n *Network) { n.Name = "" }, false, "drandbeacon: name of the beacon is empty"},
		{"genesis", func(n *Network) { n.Genesis = -1 }, false, "drandbeacon: genesis is -1, expected 0–253402300799 Unix seconds"},
		{"late genesis", func(n *Network) { n.Genesis = 253402300800 }, false, "drandbeacon: genesis is 253402300800, expected 0–253402300799 Unix seconds"},
		{"period", func(n *Network) { n.Period = 0 }, false, "drandbeacon: period is 0 seconds, expected 1–31622400"},
		{"long period", func(n *Network) { n.Period = 31622401 }, false, "drandbeacon: period is 31622401 seconds, expected 1–31622400"},
		{"beacon ID", func(n *Network) { n.BeaconID = strings.Repeat("x", 65) }, false, "drandbeacon: beacon ID has 65 bytes, expected at most 64"},
		{"short hash", func(n *Network) { n.ChainHash = "52" }, false, "drandbeacon: chain hash has 2 bytes, expected 64 hexadecimal digits"},
		{"short key", func(n *Network) { n.PublicKey = "83" }, false, "drandbeacon: public key has 2 bytes, expected 192 hexadecimal digits"},
		{"bad seed", func(n *Network) { n.GenesisSeed = strings.Repeat("g", 64) }, false, `drandbeacon: genesis seed "` + strings.Repeat("g", 64) + `" is not hexadecimal in lower case`},
		{"another hash", func(n *Network) { n.ChainHash = quicknetSeed }, false, "drandbeacon: chain hash is " + quicknetSeed + ", the network's fields have " + quicknetHash},
		{"another period", func(n *Network) { n.Period = 30 }, false, "drandbeacon: chain hash is " + quicknetHash + ", the network's fields have a42adbd50f2123de35fd53f5d08198c05fe19899ff89fa3ae96b4b9340b12fa8"},
		{"identity", func(n *Network) { n.PublicKey = "c0" + strings.Repeat("0", 190) }, true, "drandbeacon: public key is the identity of G2, with which anyone can sign"},
		{"outside the subgroup", func(n *Network) { n.PublicKey = outside }, true, "drandbeacon: public key " + outside + " is not a point of G2"},
		{"not compressed", func(n *Network) { n.PublicKey = strings.Repeat("0", 192) }, true, "drandbeacon: public key " + strings.Repeat("0", 192) + " is not a point of G2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := quicknet
			tt.change(&n)
			if tt.rehash {
				n = hashed(t, n)
			}
			b, err := New(n)
			require.EqualError(t, err, tt.want)
			require.Nil(t, b)
		})
	}
}

// TestEveryFieldIsPinned: the chain hash changes with each field of the chain.
func TestEveryFieldIsPinned(t *testing.T) {
	seen := map[string]bool{}
	for _, change := range []func(*Network){
		func(n *Network) {},
		func(n *Network) { n.PublicKey = hex.EncodeToString(bls12381.G2Generator().BytesCompressed()) },
		func(n *Network) { n.GenesisSeed = quicknetHash },
		func(n *Network) { n.Genesis++ },
		func(n *Network) { n.Period++ },
		func(n *Network) { n.BeaconID = "default" },
	} {
		n := NewQuicknet().Network()
		change(&n)
		seen[hashed(t, n).ChainHash] = true
	}
	require.Len(t, seen, 6)

	n := NewQuicknet().Network()
	n.BeaconID = ""
	other := n
	other.BeaconID = "default"
	require.Equal(t, hashed(t, n).ChainHash, hashed(t, other).ChainHash)
	require.Len(t, n.ChainHash, 2*sha256.Size)
}

func TestTimes(t *testing.T) {
	b := NewQuicknet()
	for _, tt := range []struct{ round, want string }{
		{"1", "2023-08-23T15:09:27Z"},
		{"2", "2023-08-23T15:09:30Z"},
		{"1000", "2023-08-23T15:59:24Z"},
		{"83903165811", "9999-12-31T23:59:57Z"},
	} {
		got, err := b.TimeOf(tt.round)
		require.NoError(t, err)
		require.Equal(t, tt.want, got.Format(time.RFC3339))
		round, err := b.RoundAt(got)
		require.NoError(t, err)
		require.Equal(t, tt.round, round)
		round, err = b.RoundAfter(got.Add(-1))
		require.NoError(t, err)
		require.Equal(t, tt.round, round, "a nanosecond before it")
	}
	_, err := b.TimeOf("0")
	require.EqualError(t, err, `drandbeacon: round "0" is not a positive decimal number without leading zeros`)

	first := time.Unix(1692803367, 0)
	for _, tt := range []struct {
		at        time.Time
		now, next string
	}{
		{first, "1", "2"},
		{first.Add(3*time.Second - 1), "1", "2"},
		{first.Add(3 * time.Second), "2", "3"},
		{first.In(time.FixedZone("", 8*3600)).Add(time.Hour), "1201", "1202"},
	} {
		now, err := b.RoundAt(tt.at)
		require.NoError(t, err)
		require.Equal(t, tt.now, now)
		next, err := b.RoundAfter(tt.at)
		require.NoError(t, err)
		require.Equal(t, tt.next, next)
	}
	next, err := b.RoundAfter(time.Time{})
	require.NoError(t, err)
	require.Equal(t, "1", next)

	for _, at := range []time.Time{first.Add(-1), {}, time.Unix(lastSecond+1, 0)} {
		_, err = b.RoundAt(at)
		require.EqualError(t, err, "drandbeacon: drand-quicknet has no round at "+at.UTC().Format(time.RFC3339)+", expected 2023-08-23T15:09:27Z–9999")
	}
	for _, at := range []time.Time{time.Unix(lastSecond, 0), time.Unix(lastSecond+1, 0)} {
		_, err = b.RoundAfter(at)
		require.EqualError(t, err, "drandbeacon: drand-quicknet has no round after "+at.UTC().Format(time.RFC3339)+", expected one by the end of 9999")
	}
}
