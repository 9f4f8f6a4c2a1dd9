package drandbeacon

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/cloudflare/circl/ecc/bls12381"
	"github.com/cloudflare/circl/ecc/bls12381/ff"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/stretchr/testify/require"
)

// Round 1000 of quicknet, as published.
const (
	value1000 = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
	proof1000 = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
)

// valueOf returns the value that matches a proof, valid or not.
func valueOf(proof string) string {
	data, _ := hex.DecodeString(proof)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// sign signs a round with a key of our own.
func sign(key *bls12381.Scalar, round uint64, domain string) string {
	message := sha256.Sum256(binary.BigEndian.AppendUint64(nil, round))
	p := new(bls12381.G1)
	p.Hash(message[:], []byte(domain))
	p.ScalarMult(key, p)
	return hex.EncodeToString(p.BytesCompressed())
}

// outsideG1 returns a point of the curve that is not in G1: the one of the least
// abscissa, since G1 has one of about 2^125 points only.
func outsideG1(t *testing.T) string {
	var four ff.Fp
	four.SetUint64(4)
	for i := uint64(1); ; i++ {
		var x, y ff.Fp
		x.SetUint64(i)
		y.Sqr(&x)
		y.Mul(&y, &x)
		y.Add(&y, &four)
		if y.Sqrt(&y) == 0 {
			continue
		}
		data, err := x.MarshalBinary()
		require.NoError(t, err)
		data[0] |= 0x80
		return hex.EncodeToString(data)
	}
}

func TestQuicknet(t *testing.T) {
	b := NewQuicknet()
	require.Equal(t, "drand-quicknet", b.Name())
	require.Equal(t, quicknetHash, b.Network().ChainHash)
	require.Equal(t, 254, b.EntropyBits("1000"))
	require.Equal(t, 0, b.EntropyBits("0"))
	require.NoError(t, beacon.CheckEntropy(b, "1000", beacon.Floor))
	got, err := b.Verify("1000", value1000, proof1000)
	require.NoError(t, err)
	require.Equal(t, value1000, got)
}

func TestVerifyRefuses(t *testing.T) {
	b := NewQuicknet()
	own := new(bls12381.Scalar)
	own.SetUint64(12345)
	identity := "c0" + strings.Repeat("0", 94)
	outside := outsideG1(t)
	plain := strings.Repeat("0", 96)               // not compressed
	beyond := "9a0111ea397fe69a4b1ba7b6434bacd7" + // the field's prime, which is no
		"64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab" // element of it
	foreign := sign(own, 1000, domain)
	for _, tt := range []struct{ name, round, value, proof, want string }{
		{"another round", "1001", value1000, proof1000, "drandbeacon: signature of round 1001 is not by the key of drand-quicknet"},
		{"another key, matching hash", "1000", valueOf(foreign), foreign, "drandbeacon: signature of round 1000 is not by the key of drand-quicknet"},
		{"identity, matching hash", "1000", valueOf(identity), identity, "drandbeacon: signature of round 1000 is the identity of G1"},
		{"outside the subgroup, matching hash", "1000", valueOf(outside), outside, "drandbeacon: signature " + outside + " is not a point of G1"},
		{"not compressed, matching hash", "1000", valueOf(plain), plain, "drandbeacon: signature " + plain + " is not a point of G1"},
		{"not a field element, matching hash", "1000", valueOf(beyond), beyond, "drandbeacon: signature " + beyond + " is not a point of G1"},
		{"another value", "1000", quicknetHash, proof1000, "drandbeacon: value of round 1000 is " + quicknetHash + ", the SHA-256 of its signature is " + value1000},
		{"upper case value", "1000", strings.ToUpper(value1000), proof1000, "drandbeacon: value \"" + strings.ToUpper(value1000) + "\" is not hexadecimal in lower case"},
		{"upper case proof", "1000", value1000, strings.ToUpper(proof1000), "drandbeacon: proof \"" + strings.ToUpper(proof1000) + "\" is not hexadecimal in lower case"},
		{"short value", "1000", value1000[2:], proof1000, "drandbeacon: value has 62 bytes, expected 64 hexadecimal digits"},
		{"no proof", "1000", value1000, "", "drandbeacon: proof has 0 bytes, expected 96 hexadecimal digits"},
		{"long proof", "1000", value1000, strings.Repeat(proof1000, 99), "drandbeacon: proof has 9504 bytes, expected 96 hexadecimal digits"},
		{"no round", "", value1000, proof1000, `drandbeacon: round "" is not a positive decimal number without leading zeros`},
		{"round 0", "0", value1000, proof1000, `drandbeacon: round "0" is not a positive decimal number without leading zeros`},
		{"leading zero", "01000", value1000, proof1000, `drandbeacon: round "01000" is not a positive decimal number without leading zeros`},
		{"sign", "+1000", value1000, proof1000, `drandbeacon: round "+1000" is not a positive decimal number without leading zeros`},
		{"great round", "18446744073709551616", value1000, proof1000, `drandbeacon: round "18446744073709551616" is not a positive decimal number without leading zeros`},
		{"long round", strings.Repeat("1", 21), value1000, proof1000, "drandbeacon: round has 21 bytes, expected at most 20"},
		{"late round", "83903165812", value1000, proof1000, "drandbeacon: round 83903165812 of drand-quicknet is after the year 9999, whose last is 83903165811"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := b.Verify(tt.round, tt.value, tt.proof)
			require.EqualError(t, err, tt.want)
			require.Empty(t, got)
		})
	}
}

// TestPublishedRounds verifies rounds as drand's documentation shows them.
func TestPublishedRounds(t *testing.T) {
	data := realdata.Read(t, "drand_quicknet.json")
	var file struct {
		Network struct {
			PublicKey   string `json:"public_key"`
			Period      int64
			Genesis     int64  `json:"genesis_time"`
			GenesisSeed string `json:"genesis_seed"`
			BeaconID    string `json:"beacon_id"`
			ChainHash   string `json:"chain_hash"`
		}
		Rounds []struct {
			Round      uint64
			Signature  string
			Randomness string
			Result     string
		}
	}
	require.NoError(t, json.Unmarshal(data, &file))
	n := file.Network
	b, err := New(Network{"drand-quicknet", n.ChainHash, n.PublicKey, n.GenesisSeed, n.Genesis, n.Period, n.BeaconID})
	require.NoError(t, err)
	require.Equal(t, NewQuicknet().Network(), b.Network())
	require.Len(t, file.Rounds, 4)
	for _, r := range file.Rounds {
		round := strconv.FormatUint(r.Round, 10)
		if r.Result != "valid" {
			_, err := b.Verify(round, valueOf(r.Signature), r.Signature)
			require.EqualError(t, err, fmt.Sprintf("drandbeacon: signature of round %s is not by the key of drand-quicknet", round))
			continue
		}
		got, err := b.Verify(round, r.Randomness, r.Signature)
		require.NoError(t, err)
		require.Equal(t, r.Randomness, got)
	}
}

// TestOwnNetwork signs rounds itself, so that the scheme's parts can be wrong one at
// a time.
func TestOwnNetwork(t *testing.T) {
	key := new(bls12381.Scalar)
	key.SetUint64(987654321)
	b := ownNetwork(t, key)
	proof := sign(key, 7, domain)
	_, err := b.Verify("7", valueOf(proof), proof)
	require.NoError(t, err)

	// drand's older scheme with signatures on G1 hashed with the domain of G2.
	proof = sign(key, 7, "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_")
	_, err = b.Verify("7", valueOf(proof), proof)
	require.EqualError(t, err, "drandbeacon: signature of round 7 is not by the key of own")

	// The negative of a signature has the same x.
	data, err := hex.DecodeString(sign(key, 7, domain))
	require.NoError(t, err)
	data[0] ^= 0x20
	proof = hex.EncodeToString(data)
	_, err = b.Verify("7", valueOf(proof), proof)
	require.EqualError(t, err, "drandbeacon: signature of round 7 is not by the key of own")
}

func TestConcurrentUse(t *testing.T) {
	b := NewQuicknet()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := b.Verify("1000", value1000, proof1000); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func FuzzVerify(f *testing.F) {
	f.Add("1000", value1000, proof1000)
	f.Add("1000", valueOf("c0"+strings.Repeat("0", 94)), "c0"+strings.Repeat("0", 94))
	b := NewQuicknet()
	f.Fuzz(func(t *testing.T, round, value, proof string) {
		// The hash would stop nearly every input before the curve.
		for _, v := range []string{value, valueOf(proof)} {
			got, err := b.Verify(round, v, proof)
			if err == nil {
				require.Equal(t, []string{"1000", value1000, proof1000}, []string{round, got, proof})
			} else {
				require.True(t, strings.HasPrefix(err.Error(), "drandbeacon: "), "%v", err)
				require.Empty(t, got)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	q := NewQuicknet()
	for b.Loop() {
		if _, err := q.Verify("1000", value1000, proof1000); err != nil {
			b.Fatal(err)
		}
	}
}
