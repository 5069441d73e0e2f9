using System.Diagnostics;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Onnx.Reading;
using Microsoft.ML.OnnxRuntime;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>Loads a model, sees which nodes run where, and says what the session is.</summary>
internal sealed class OnnxSessionOpener(
    OnnxRuntimeLibrary library, OnnxRuntimeOptions options, OnnxHeader header, OnnxSignature signature, DeclaredTokenizer tokenizer, SessionNeeds needs)
{
    private readonly int _context = Math.Max(options.Context, needs.Context);

    private readonly int _vocabulary = signature.Vocabulary ?? tokenizer.Tokenizer.Vocabulary;

    public IBackendSession Open()
    {
        string folder = Directory.CreateTempSubdirectory("edgebench-ort-").FullName;
        InferenceSession? session = null;
        IDecoderRun? run = null;
        try
        {
            using SessionOptions settings = Settings(folder);
            long start = Stopwatch.GetTimestamp();
            session = Load(settings);
            int rows = Math.Clamp(needs.LogitRows, 1, options.Batch);
            run = signature.IsOwn
                ? new SharedCacheRun(session, signature, _context, _vocabulary, options.Batch, rows) : new ForeignRun(session, signature, _context, _vocabulary);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            // One token, so that the profile names every node; after it nothing is profiled any more.
            run.Run([0], 0, 0);
            run.Reset();
            NodePlacement? placement = NodePlacement.Read(session.EndProfiling());
            return new OnnxRuntimeSession(session, run, tokenizer.Tokenizer, options.Batch, rows, Facts(run, placement, seconds));
        }
        catch
        {
            run?.Dispose();
            session?.Dispose();
            throw;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private SessionOptions Settings(string folder)
    {
        try
        {
            return OnnxSessionSettings.Create(library, options, needs.Threads, Path.Combine(folder, "profile"));
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new TrialException(new(FailureKind.Unsupported, $"Execution provider '{options.Provider}' cannot be set up: {error.Message.ReplaceLineEndings(" ")}",
                "Check 'provider', 'provider_options' and the provider's own libraries."), error);
        }
    }

    private InferenceSession Load(SessionOptions settings)
    {
        try
        {
            return new(header.Path, settings);
        }
        catch (Exception error) when (error is OnnxRuntimeException or OutOfMemoryException)
        {
            throw OnnxRuntimeFailures.Load(header.Path, error);
        }
    }

    private SessionFacts Facts(IDecoderRun run, NodePlacement? placement, double seconds)
    {
        List<string> notApplied = [];
        int taken = placement?.ByProvider.Where(count => OnnxSessionSettings.Same(count.Key, options.Provider)).Sum(count => count.Value) ?? 0;
        if (taken == 0) notApplied.Add($"provider: asked {options.Provider}, which ran no node");
        Dictionary<string, string> details = new()
        {
            ["onnxruntime_version"] = library.Version,
            ["library_sha256"] = library.Sha256,
            ["providers"] = string.Join(", ", library.Providers),
            ["nodes"] = placement is null ? "unknown" : string.Join(", ", placement.ByProvider.Select(count => $"{count.Key} {count.Value}")),
            ["operators"] = placement is null ? "unknown" : string.Join(", ", placement.Operators.Take(12).Select(count => $"{count.Key} {count.Value}")),
            ["graph_optimization"] = Name(options.GraphOptimization),
            ["threads"] = $"{needs.Threads}",
            ["inter_op"] = $"{options.InterOp}",
            ["spinning"] = options.Spinning ? "on" : "off",
            ["arena"] = options.Arena ? "on" : "off",
            ["batch"] = $"{options.Batch}",
            ["kv_cache"] = run.CacheDescription,
            ["tokenizer"] = tokenizer.Tokenizer.Kind,
            ["model"] = header.Metadata.TryGetValue("edgebench.architecture", out string? architecture) ? architecture : $"exported by '{header.Producer}'",
        };
        return new SessionFacts
        {
            Vocabulary = _vocabulary,
            Context = _context,
            TrainedContext = tokenizer.TrainedContext ?? _context,
            KvBytes = run.KvBytes,
            Bos = tokenizer.Tokenizer.Bos,
            EndsOfText = tokenizer.Tokenizer.EndsOfText,
            LoadSeconds = seconds,
            Details = details,
            NotApplied = notApplied,
        };
    }

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
