using System.Globalization;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>Remembers where numbers first were not finite: norms see it by their sum of squares, stores and the head by their values.</summary>
internal sealed class NonFiniteWatch
{
    private const int Clean = int.MaxValue, Places = 4;

    private int _first = Clean;

    public void Clear() => _first = Clean;

    /// <summary>At the input of a layer's attention; of layer number "layers" at the final norm.</summary>
    public void AtInput(int layer) => Note(layer * Places);

    public void AtStore(int layer) => Note((layer * Places) + 1);

    public void AtFeedForward(int layer) => Note((layer * Places) + 2);

    public void AtLogits(int layers) => Note((layers * Places) + 3);

    /// <summary>Throws <see cref="TrialException"/> where something was seen.</summary>
    public void Check(int layers)
    {
        if (_first == Clean) return;
        int layer = _first / Places;
        string where = (_first % Places, layer) switch
        {
            (0, 0) => "in the token embedding",
            (0, _) => Text($"in the feed-forward part of layer {layer - 1}"),
            (1, _) => Text($"in keys or values of layer {layer}, or they are too large for the cache's format"),
            (2, _) => Text($"in the attention of layer {layer}"),
            _ => "in the output head",
        };
        throw new TrialException(FailureKind.Unsupported, $"The model's numbers are not finite: they first appear {where} (of {layers} layers, counted from 0)",
            "Check the file's weights; with a float16 cache try 'kv_type: f32'.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Note(int place)
    {
        int seen = Volatile.Read(ref _first);
        while (place < seen)
        {
            int was = Interlocked.CompareExchange(ref _first, place, seen);
            if (was == seen) return;
            seen = was;
        }
    }
}
