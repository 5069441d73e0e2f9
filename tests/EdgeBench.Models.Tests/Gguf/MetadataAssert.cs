using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Tests.Gguf;

/// <summary>Compares metadata key by key, arrays by their elements.</summary>
internal static class MetadataAssert
{
    public static void Same(IEnumerable<KeyValuePair<string, GgufValue>> expected, IEnumerable<KeyValuePair<string, GgufValue>> actual)
    {
        Assert.Equal(expected.Select(entry => (entry.Key, entry.Value.Type)), actual.Select(entry => (entry.Key, entry.Value.Type)));
        foreach ((GgufValue first, GgufValue second) in expected.Zip(actual, (a, b) => (a.Value, b.Value))) Same(first.Raw, second.Raw);
    }

    private static void Same(object expected, object actual)
    {
        if (expected is not GgufArray array)
        {
            Assert.Equal(expected, actual);
            return;
        }
        GgufArray other = Assert.IsType<GgufArray>(actual);
        Assert.Equal((array.ElementType, array.Count), (other.ElementType, other.Count));
        if (array.Elements is not GgufArray[]) Assert.Equal(array.Elements, other.Elements);
        else for (int i = 0; i < array.Count; i++) Same(array.Elements.GetValue(i)!, other.Elements.GetValue(i)!);
    }
}
