using System.Reflection;
using System.Runtime.InteropServices;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using Microsoft.ML.OnnxRuntime;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>The native library, one a process: EdgeBench's own, or the one in a folder that the user names.</summary>
internal sealed class OnnxRuntimeLibrary
{
    private static readonly Lock s_lock = new();
    private static OnnxRuntimeLibrary? s_loaded;

    private OnnxRuntimeLibrary(string file)
    {
        File = file;
        EnvironmentCreationOptions options = new() { logId = "edgebench", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, loggingFunction = OnnxRuntimeLog.Callback };
        Environment = OrtEnv.IsCreated ? OrtEnv.Instance() : OrtEnv.CreateInstanceWithOptions(ref options);
        Version = Environment.GetVersionString();
        Providers = Environment.GetAvailableProviders();
    }

    public OrtEnv Environment { get; }

    /// <summary>Path of libonnxruntime.</summary>
    public string File { get; }

    public string Version { get; }

    /// <summary>Execution providers that this build has: <c>CPUExecutionProvider</c> …</summary>
    public IReadOnlyList<string> Providers { get; }

    public string Sha256 => LibraryHashes.Of(File);

    /// <summary>Where the library of these options is, or null with the problem.</summary>
    public static string? Find(string? folder, out string problem)
    {
        string name = OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";
        string runtime = $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        string[] places = folder is not null ? [folder] : [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", runtime, "native")];
        string? found = places.Select(place => Path.GetFullPath(Path.Combine(place, name))).FirstOrDefault(System.IO.File.Exists);
        problem = found is null ? $"no {name} in {string.Join(" or ", places.Select(place => $"'{place}'"))}" : "";
        return found;
    }

    /// <summary>Loads it. Throws <see cref="TrialException"/>.</summary>
    public static OnnxRuntimeLibrary Load(string? folder)
    {
        lock (s_lock)
        {
            string file = Find(folder, out string problem) ?? throw new TrialException(FailureKind.BackendMissing, $"ONNX Runtime: {problem}", "Give the folder of libonnxruntime as 'path', or leave it out.");
            if (s_loaded is not null)
            {
                return s_loaded.File == file ? s_loaded
                    : throw new TrialException(FailureKind.Unsupported, $"'{file}' after '{s_loaded.File}': one process loads one ONNX Runtime", "Give one 'path'.");
            }
            try
            {
                if (folder is not null) Redirect(file);
                return s_loaded = new(file);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException or OnnxRuntimeException)
            {
                throw new TrialException(new(FailureKind.BackendMissing, $"'{file}' cannot be loaded: {(error.InnerException ?? error).Message}",
                    $"Give a build of ONNX Runtime {typeof(InferenceSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]} or later for this processor."), error);
            }
        }
    }

    private static void Redirect(string file)
    {
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(typeof(InferenceSession).Assembly, (name, assembly, search) =>
            name.Contains("onnxruntime", StringComparison.Ordinal) ? NativeLibrary.Load(file) : NativeLibrary.Load(name, assembly, search));
    }
}
