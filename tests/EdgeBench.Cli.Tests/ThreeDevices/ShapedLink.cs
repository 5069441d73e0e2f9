using System.Diagnostics;

namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>
/// A network namespace at the far end of a link that delays and loses IP packets, as <c>tc netem</c> does in kernels that have it: protocols above see real
/// loss, and retransmit. Needs root, <c>ip</c>, <c>nsenter</c> and <c>/dev/net/tun</c>.
/// </summary>
internal sealed class ShapedLink : IDisposable
{
    private readonly TunInterface _near, _far;
    private volatile LinkShape _shape = new(TimeSpan.Zero, 0);

    public ShapedLink(int seed)
    {
        // 198.18.0.0/15 is set aside for such links (RFC 2544); two test runs at once take different ones.
        string subnet = $"198.18.{Environment.ProcessId % 256}", name = $"eb{Environment.ProcessId}";
        (Namespace, NearAddress, FarAddress) = (name, $"{subnet}.1", $"{subnet}.2");
        // A test run of this number may have been killed.
        if (File.Exists($"/run/netns/{name}")) Run("ip", "netns", "del", name);
        Run("ip", "netns", "add", name);
        try
        {
            _near = new TunInterface(name + "n");
            _far = new TunInterface(name + "f");
            Run("ip", "link", "set", _far.Name, "netns", name);
            Up([], _near.Name, NearAddress, FarAddress);
            Up(["-n", name], _far.Name, FarAddress, NearAddress);
            Run("ip", "-n", name, "link", "set", "lo", "up");
        }
        catch
        {
            _near?.Dispose();
            _far?.Dispose();
            Run("ip", "netns", "del", name);
            throw;
        }
        There = new LinkDirection(_near, _far, () => _shape, seed);
        Back = new LinkDirection(_far, _near, () => _shape, seed + 1);
    }

    public string Namespace { get; }

    public string NearAddress { get; }

    public string FarAddress { get; }

    public string NearInterface => _near.Name;

    public string FarInterface => _far.Name;

    /// <summary>Into the namespace.</summary>
    public LinkDirection There { get; }

    /// <summary>Out of it.</summary>
    public LinkDirection Back { get; }

    /// <summary>From the next packet on; at first nothing is delayed or lost.</summary>
    public LinkShape Shape { get => _shape; set => _shape = value; }

    /// <summary>What such a link needs and this machine lacks; null where it has all.</summary>
    public static string? Missing =>
        Environment.UserName != "root" ? "the rights of root, for a network namespace"
        : !File.Exists(TunInterface.DevicePath) ? TunInterface.DevicePath
        : new[] { "ip", "nsenter", "ping" }.Where(tool => Which(tool) is null).Select(tool => $"'{tool}' (Debian: iproute2, util-linux, iputils-ping)").FirstOrDefault();

    /// <summary>A command that runs beyond the link, with the files and processes of this machine.</summary>
    public ProcessStartInfo Beyond(params IEnumerable<string> words) =>
        new("nsenter", [$"--net=/run/netns/{Namespace}", "--", .. words]) { RedirectStandardOutput = true };

    public void Dispose()
    {
        There.Dispose();
        Back.Dispose();
        _near.Dispose();
        _far.Dispose();
        Run("ip", "netns", "del", Namespace);
    }

    /// <summary>The path of a program, or null.</summary>
    internal static string? Which(string program) => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static void Up(string[] where, string name, string own, string other)
    {
        // No router solicitations: every packet on the link is one that somebody meant to send.
        Run("ip", [.. where, "link", "set", name, "addrgenmode", "none"]);
        Run("ip", [.. where, "address", "add", own, "peer", other, "dev", name]);
        Run("ip", [.. where, "link", "set", name, "up"]);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Which(program)!, arguments) { RedirectStandardError = true })!;
        string words = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {words}");
    }
}
