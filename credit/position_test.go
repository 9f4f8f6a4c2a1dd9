package credit

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCosines(t *testing.T) {
	for d, c := range cosines {
		require.Equal(t, int64(math.Round(1e6*math.Cos(float64(d)*math.Pi/180))), c, d)
	}
}

func TestDistance(t *testing.T) {
	at := func(lat, lon int32) Position { return Position{lat, lon, WGS84} }
	for _, c := range []struct {
		a, b Position
		want uint64
	}{
		{at(36_067123, 120_382640), at(36_067123, 120_382640), 0},
		{at(0, 0), at(1_000000, 0), 111_195},
		{at(0, 0), at(0, 1_000000), 111_195},
		{at(60_000000, 0), at(60_000000, 1_000000), 55_597},    // half of it
		{at(0, -179_999000), at(0, 179_999000), 222},           // over the date line
		{at(-90_000000, 0), at(90_000000, 0), 20_015_100},      // 180 degrees
		{at(90_000000, 5_000000), at(90_000000, 70_000000), 0}, // the pole is one place
		{at(36_000000, 120_000000), at(36_000500, 120_000000), 55},
	} {
		got, ok := c.a.Distance(c.b)
		require.True(t, ok)
		require.Equal(t, c.want, got, "%s to %s", c.a, c.b)
		back, _ := c.b.Distance(c.a)
		require.Equal(t, got, back)
	}
	for _, q := range []Position{{}, {0, 0, GCJ02}, {91_000000, 0, WGS84}, {0, 181_000000, WGS84}, {0, 0, 4}} {
		_, ok := at(0, 0).Distance(q)
		require.False(t, ok, q)
		_, ok = q.Distance(at(0, 0))
		require.False(t, ok, q)
	}
}

// The formula of the haversine on the same sphere.
func TestDistanceAgreesWithHaversine(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		lat, lon := rng.Int32N(160_000_000)-80_000_000, rng.Int32N(360_000_000)-180_000_000
		reach := int32(1) << rng.IntN(20)
		p := Position{lat, lon, GCJ02}
		q := Position{min(lat+rng.Int32N(reach), 80_000_000), min(lon+rng.Int32N(reach), 180_000_000), GCJ02}
		rad := func(v int32) float64 { return float64(v) / 1e6 * math.Pi / 180 }
		s1, s2 := math.Sin((rad(q.Latitude)-rad(p.Latitude))/2), math.Sin((rad(q.Longitude)-rad(p.Longitude))/2)
		want := 2 * 111195 * 180 / math.Pi * math.Asin(math.Sqrt(s1*s1+math.Cos(rad(p.Latitude))*math.Cos(rad(q.Latitude))*s2*s2))
		got, ok := p.Distance(q)
		require.True(t, ok)
		if want > 100_000 {
			continue
		}
		require.InDelta(t, want, float64(got), 1.2+want/1000, "%s to %s", p, q)
	}
}

func TestRoot(t *testing.T) {
	for n := range uint64(1 << 16) {
		r := root(n)
		require.True(t, r*r <= n && (r+1)*(r+1) > n, n)
	}
	for _, r := range []uint64{1<<32 - 1, 3_037_000_499, 2_000_000_000} {
		require.Equal(t, r, root(r*r))
		require.Equal(t, r-1, root(r*r-1))
	}
	require.Equal(t, uint64(1<<32-1), root(math.MaxUint64))
}

func TestPositionText(t *testing.T) {
	for _, p := range []Position{
		{36_067123, 120_382640, WGS84}, {-90_000000, -180_000000, GCJ02}, {90_000000, 180_000000, BD09}, {-1, 1, WGS84}, {0, 0, WGS84},
	} {
		back, err := ParsePosition(p.String())
		require.NoError(t, err)
		require.Equal(t, p, back)
	}
	require.Equal(t, "-0.000001 0.000001 wgs84", Position{-1, 1, WGS84}.String())
	require.Equal(t, "36.067123 120.382640 gcj02", Position{36_067123, 120_382640, GCJ02}.String())
	require.Equal(t, "", Position{}.String())
	for _, s := range []string{
		"", "36.067123 120.38264 wgs84", "36.067123 120.382640", "36.067123  120.382640 wgs84", "+36.067123 120.382640 wgs84",
		"036.067123 120.382640 wgs84", "-0.000000 1.000000 wgs84", "90.000001 1.000000 wgs84", "1.000000 180.000001 wgs84", "1.000000 1.000000 WGS84",
		"1,000000 1.000000 wgs84", "99999999999999999.000000 1.000000 wgs84", "4294967297.000000 1.000000 bd09", "1.000000 1.000000 wgs84 ",
	} {
		_, err := ParsePosition(s)
		require.Error(t, err, s)
	}
	_, err := ParsePosition("1 2 wgs84")
	require.EqualError(t, err, `credit: position "1 2 wgs84": expected latitude, longitude and datum, such as "36.067123 120.382640 wgs84"`)
	p := Position{1, 2, BD09}
	require.Error(t, p.UnmarshalText([]byte("x")))
	require.Equal(t, Position{1, 2, BD09}, p)
	require.NoError(t, p.UnmarshalText(nil))
	require.True(t, p.IsZero())
	_, err = Position{91_000000, 0, WGS84}.MarshalText()
	require.EqualError(t, err, `credit: position "91.000000 0.000000 wgs84": has a latitude beyond 90 degrees`)
}
