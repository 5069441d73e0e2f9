using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Compression.Calibration;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Execution;

namespace EdgeBench.Benchmarks.Compression;

/// <summary>A model of the golden table with the tokens that it was calibrated and scored on.</summary>
/// <param name="Key">Its key in <c>compression-valid.json</c>.</param>
/// <param name="Folds">Whether the table's reference is B = fold(A).</param>
internal sealed record CompressionSubject(string Key, string ModelPath, bool Folds, CalibrationTokens Calibration, IReadOnlyList<int[]> Windows)
{
    /// <param name="name"><c>smollm2</c> or <c>stories15m</c>.</param>
    /// <param name="shared">Folder with <c>golden</c>, <c>models</c> and <c>data</c>.</param>
    /// <param name="sequences">Calibration sequences, or 0 for the golden table's.</param>
    public static CompressionSubject Of(string name, string shared, int sequences) => name == "smollm2" ? SmolLm2(shared, sequences) : Stories(shared, sequences);

    private static CompressionSubject Stories(string shared, int sequences)
    {
        // The table scores the first half of its file: 32 windows, 8160 predictions.
        const int Scored = 32;
        int[][] Read(string file) => JsonSerializer.Deserialize<int[][]>(File.ReadAllText(Path.Combine(shared, "golden", file)))!;
        int[][] calibration = Read("stories15M-ids-calib.json");
        return new CompressionSubject("stories15M", Path.Combine(shared, "models/stories15m/stories15M-F16.gguf"), false,
            new CalibrationTokens(sequences == 0 ? calibration : calibration[..sequences]), Read("stories15M-ids-valid.json")[..Scored]);
    }

    // The first part of the text up to its cut is scored, what follows calibrates; each is tokenised on its own.
    private static CompressionSubject SmolLm2(string shared, int sequences)
    {
        const int Length = 512, Scored = 16, Cut = 561186;
        string path = Path.Combine(shared, "models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        byte[] text = File.ReadAllBytes(Path.Combine(shared, "data/wikitext2-valid.txt"));
        int[] valid = [], calibration = [];
        var backend = BackendRegistry.Find("llamacpp");
        using (IBackendSession session = backend.Open(
            new ArtifactFile(path, "gguf", new FileInfo(path).Length, ""), HarnessVocabulary.DefaultOptions(backend), new SessionNeeds(2, Length, 1)))
        {
            valid = session.Tokenize(System.Text.Encoding.UTF8.GetString(text.AsSpan(0, Cut)), special: false);
            calibration = session.Tokenize(System.Text.Encoding.UTF8.GetString(text.AsSpan(Cut)), special: false);
        }
        return new CompressionSubject("SmolLM2-135M-Instruct", path, true,
            new CalibrationTokens([.. calibration.Chunk(Length).Take(sequences == 0 ? 32 : sequences)]), [.. valid.Chunk(Length).Take(Scored)]);
    }
}
