using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Manifests;

public sealed class SlugTests
{
    [Theory]
    [InlineData("a.b_c-D1", "a.b_c-D1")]
    [InlineData("Green Tea", "Green-Tea")]
    [InlineData("Tom & Jerry", "Tom-Jerry")]
    [InlineData("a - b", "a-b")]
    [InlineData("São Paulo", "Sao-Paulo")]
    [InlineData("Sa\u0303o Paulo", "Sao-Paulo")]
    [InlineData("Mühle", "Muhle")]
    [InlineData("Straße", "Strasse")]
    [InlineData("Łódź", "Lodz")]
    [InlineData("Ærø", "AEro")]
    [InlineData("œuvre", "oeuvre")]
    [InlineData("Þórður", "Thordur")]
    [InlineData("Đà Nẵng", "Da-Nang")]
    [InlineData("Isparta Ilıca", "Isparta-Ilica")]
    [InlineData("İstanbul", "Istanbul")]
    [InlineData("Għarb Ħaż", "Gharb-Haz")]
    [InlineData("Ｔｏｋｙｏ", "Tokyo")]
    [InlineData("20 °C", "20-C")]
    [InlineData("10 €", "10")]
    [InlineData("O’Brien", "O-Brien")]
    public void ForId_LatinText_IsFolded(string value, string id) => Assert.Equal(id, Slug.ForId(value));

    /// <summary>The hashes are part of ids, so they must never change.</summary>
    [Theory]
    [InlineData("東京")]
    [InlineData("Москва")]
    [InlineData("القاهرة")]
    [InlineData("ירושלים")]
    [InlineData("दिल्ली")]
    [InlineData("서울")]
    [InlineData("🎉")]
    [InlineData("&")]
    [InlineData("\u0301")]
    public void ForId_NothingLeft_IsAHash(string value)
    {
        Assert.Matches("^[0-9a-z]{6}$", Slug.ForId(value));
        Assert.Equal(Slug.ForId(value), Slug.ForId(NormalForm.Compose(value)));
    }

    [Fact]
    public void ForId_HashOfKnownText_NeverChanges() => Assert.Equal("2c01dc", Slug.ForId("東京"));

    [Theory]
    [InlineData("東京 Tower", "^Tower-[0-9a-z]{6}$")]
    [InlineData("Tower 東京", "^Tower-[0-9a-z]{6}$")]
    [InlineData("a 🎉 b", "^a-b-[0-9a-z]{6}$")]
    public void ForId_LettersLost_HasAHash(string value, string form) => Assert.Matches(form, Slug.ForId(value));

    [Theory]
    [InlineData("東京", "東京")]
    [InlineData("São Paulo", "São-Paulo")]
    [InlineData("Sa\u0303o Paulo", "São-Paulo")]
    [InlineData("Ｔｏｋｙｏ", "Tokyo")]
    [InlineData("दिल्ली", "दिल्ली")]
    [InlineData("Tom & Jerry", "Tom-Jerry")]
    [InlineData("東京/大阪", "東京-大阪")]
    [InlineData("a\u202Eb", "a-b")]
    [InlineData("\u0301a", "a")]
    public void ForPath_Text_KeepsLettersOfEveryScript(string value, string path) => Assert.Equal(path, Slug.ForPath(value));

    [Theory]
    [InlineData("🎉", "^[0-9a-z]{6}$")]
    [InlineData("a 🎉", "^a-[0-9a-z]{6}$")]
    [InlineData("\uE000", "^[0-9a-z]{6}$")]
    public void ForPath_PicturesLost_HasAHash(string value, string form) => Assert.Matches(form, Slug.ForPath(value));

    [Theory]
    [InlineData("Müller", "Muller")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("a b", "a&b")]
    [InlineData("Tokyo", "tokyo")]
    [InlineData("é", "è", "e")]
    [InlineData("東京", "大阪", "京都", "x")]
    [InlineData("", "-", "&")]
    public void DistinctIds_DifferentValues_AreDifferentIgnoringCase(params string[] values)
    {
        var ids = Slug.DistinctIds(values);

        Assert.Equal(values.Length, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        // The order makes no difference, but for plain texts that differ in case only.
        if (!values.Contains("tokyo"))
            Assert.Equal(ids.Order(StringComparer.Ordinal), Slug.DistinctIds([.. values.Reverse()]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void DistinctIds_AHundredThousandValues_AreAllDifferent()
    {
        string[] values = [.. Enumerable.Range(0, 100_000).Select(n => $"東{(char)(0x4E00 + n % 20_000)}{(char)(0x4E00 + n / 20_000)}")];

        Assert.Equal(values.Length, Slug.DistinctIds(values).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void DistinctIds_OneOfThemPlain_KeepsIt() => Assert.Equal("Muller", Slug.DistinctIds(["Müller", "Muller"])[1]);
}
