using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using Microsoft.ML.OnnxRuntime;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>ONNX Runtime's session options from ours.</summary>
internal static class OnnxSessionSettings
{
    private const string Suffix = "ExecutionProvider";

    public const string Cpu = "CPUExecutionProvider";

    /// <summary>The provider's full name in this build, or the failure that names those that it has.</summary>
    public static string? Provider(IReadOnlyList<string> available, string asked, out TrialFailure? failure)
    {
        string? found = available.FirstOrDefault(name => Same(name, asked));
        failure = found is not null ? null : new(FailureKind.Unsupported,
            $"This build of ONNX Runtime has no execution provider '{asked}'; it has {string.Join(", ", available.Select(Short))}",
            "Name one of these, or give the folder of a build that has it as 'path'.");
        return found;
    }

    /// <summary>Throws <see cref="TrialException"/> for options that are no pairs.</summary>
    public static Dictionary<string, string> Pairs(string? text)
    {
        Dictionary<string, string> pairs = [];
        foreach (string part in (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            if (equals < 1 || !pairs.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
                throw new TrialException(FailureKind.Unsupported, $"'provider_options' holds '{part}'", "Write key=value, each key once, separated by semicolons.");
        }
        return pairs;
    }

    /// <param name="profile">Prefix of the file that tells which node ran where.</param>
    public static SessionOptions Create(OnnxRuntimeLibrary library, OnnxRuntimeOptions options, int threads, string profile)
    {
        SessionOptions settings = new()
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = options.InterOp,
            ExecutionMode = options.InterOp > 1 ? ExecutionMode.ORT_PARALLEL : ExecutionMode.ORT_SEQUENTIAL,
            EnableCpuMemArena = options.Arena,
            EnableMemoryPattern = options.Arena && options.InterOp == 1,
            GraphOptimizationLevel = options.GraphOptimization switch
            {
                GraphOptimization.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING,
            ProfileOutputPathPrefix = profile,
            EnableProfiling = true,
        };
        try
        {
            string spin = options.Spinning ? "1" : "0";
            settings.AddSessionConfigEntry("session.intra_op.allow_spinning", spin);
            settings.AddSessionConfigEntry("session.inter_op.allow_spinning", spin);
            Append(settings, library, options);
            return settings;
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }

    private static void Append(SessionOptions settings, OnnxRuntimeLibrary library, OnnxRuntimeOptions options)
    {
        Dictionary<string, string> pairs = Pairs(options.ProviderOptions);
        if (options.ProviderLibrary is { } plugin)
        {
            AppendPlugin(settings, library, options.Provider, plugin, pairs);
            return;
        }
        string name = Provider(library.Providers, options.Provider, out TrialFailure? failure) ?? throw new TrialException(failure!);
        switch (name)
        {
            case Cpu when pairs.Count > 0:
                throw new TrialException(FailureKind.Unsupported, "The CPU's execution provider takes no 'provider_options'", "Leave them out.");
            case Cpu:
                break;
            case "CUDAExecutionProvider":
                using (OrtCUDAProviderOptions cuda = new())
                {
                    cuda.UpdateOptions(pairs);
                    settings.AppendExecutionProvider_CUDA(cuda);
                }
                break;
            case "TensorrtExecutionProvider":
                using (OrtTensorRTProviderOptions tensorRt = new())
                {
                    tensorRt.UpdateOptions(pairs);
                    settings.AppendExecutionProvider_Tensorrt(tensorRt);
                }
                break;
            default:
                settings.AppendExecutionProvider(Short(name), pairs);
                break;
        }
    }

    private static void AppendPlugin(SessionOptions settings, OnnxRuntimeLibrary library, string provider, string plugin, Dictionary<string, string> pairs)
    {
        library.Environment.RegisterExecutionProviderLibrary(provider, Path.GetFullPath(plugin));
        OrtEpDevice[] devices = [.. library.Environment.GetEpDevices().Where(device => Same(device.EpName, provider))];
        if (devices.Length == 0)
        {
            throw new TrialException(FailureKind.Unsupported, $"'{plugin}' offers no device for '{provider}'; there are {string.Join(", ", library.Environment.GetEpDevices().Select(device => device.EpName).Distinct())}",
                "Name one of these as 'provider'.");
        }
        settings.AppendExecutionProvider(library.Environment, devices, pairs);
    }

    public static bool Same(string name, string asked) =>
        string.Equals(name, asked, StringComparison.OrdinalIgnoreCase) || string.Equals(Short(name), asked, StringComparison.OrdinalIgnoreCase);

    private static string Short(string name) => name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
}
