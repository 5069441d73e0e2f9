using System.Globalization;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Devices.Installing;

/// <summary>What an installation found and did.</summary>
/// <param name="Already">It was there, hash and all; nothing was sent.</param>
/// <param name="Freed">What agents of other versions took that were removed.</param>
public sealed record InstallReport(string Runtime, string PackageId, long Bytes, bool Already, FreedAgents Freed);

/// <summary>Agents that an installation removed.</summary>
/// <param name="Bytes">On the device's disk.</param>
public sealed record FreedAgents(int Count, long Bytes);

/// <summary>Puts the agent on a device over ssh alone: nothing is assumed there but a shell.</summary>
public sealed class SshInstaller(SshOptions options, string device)
{
    /// <summary>Installs the agent for the device's platform unless it is there. Throws <see cref="EdgeBenchException"/> (exit code 5).</summary>
    public async Task<InstallReport> InstallAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        RemoteResult check = await RunAsync(RemoteScripts.Check(options.Folder, AgentPackages.All), null, cancellation).ConfigureAwait(false);
        AgentPackage package = AgentPackages.Require(RuntimeOf(check), device);
        if (check.ExitCode != 0) await SendAsync(package, progress, cancellation).ConfigureAwait(false);
        return new InstallReport(package.Runtime, package.Id, package.Bytes, check.ExitCode == 0, await PruneAsync(package, cancellation).ConfigureAwait(false));
    }

    /// <summary>Removes agents of other versions (<see cref="InstalledAgents.Rule"/>). A device where that fails keeps them, and its doctor says so.</summary>
    internal async Task<FreedAgents> PruneAsync(AgentPackage package, CancellationToken cancellation)
    {
        RemoteResult result = await RunAsync(RemoteScripts.Prune(options.Folder, package), null, cancellation).ConfigureAwait(false);
        foreach (string[] words in result.Words.Split('\n').Select(line => line.Split(' ')))
        {
            if (words is [RemoteScripts.FreedWord, var count, var kibibytes] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int removed)
                && long.TryParse(kibibytes, NumberStyles.None, CultureInfo.InvariantCulture, out long size)) return new FreedAgents(removed, size * 1024);
        }
        return new FreedAgents(0, 0);
    }

    /// <summary>Sends all files of a package, the program last: where it has its name, the package is whole.</summary>
    internal async Task SendAsync(AgentPackage package, IProgress<string>? progress, CancellationToken cancellation)
    {
        foreach (AgentPackageFile file in package.Files)
        {
            progress?.Report($"agent on '{device}': {file.Name} ({file.Bytes / 1e6:N1} MB, {package.Runtime})");
            RemoteResult sent = await RunAsync(RemoteScripts.Receive(options.Folder, package, file), file.Path, cancellation).ConfigureAwait(false);
            if (sent.ExitCode == 0) continue;
            throw EdgeBenchException.Infrastructure($"'{file.Name}' cannot be installed on device '{device}': {sent.Words}",
                sent.ExitCode == RemoteScripts.Differs ? $"SHA-256 {file.Sha256}" : "a folder there that takes it",
                $"Check the link, and free disk and permissions of '{options.Folder}' on the device.");
        }
    }

    /// <summary>The platform that a script said on standard error. Throws where ssh itself failed.</summary>
    internal string RuntimeOf(RemoteResult result) =>
        result.Words.Split('\n').Select(line => line.Split(' ')).FirstOrDefault(words => words is [RemoteScripts.RuntimeWord, _]) is [_, var runtime]
            ? runtime
            : throw NoLogin(result);

    internal EdgeBenchException NoLogin(RemoteResult result) => EdgeBenchException.Infrastructure(
        $"ssh to '{options.Host}' (device '{device}') ended with code {result.ExitCode}: {(result.Words.Length > 0 ? result.Words : "no words")}", "a login that asks nothing, with a POSIX shell",
        $"Try 'ssh {options.Host} uname -m'; put the key in the agent or into the configuration of ssh.");

    private async Task<RemoteResult> RunAsync(IEnumerable<string> words, string? file, CancellationToken cancellation)
    {
        await using AgentProcess ssh = AgentProcess.Start(SshCommand.Of(options, device, words));
        // A write into a pipe that takes nothing ends with the pipe alone.
        await using CancellationTokenRegistration end = cancellation.Register(ssh.Kill);
        try
        {
            if (file is not null)
            {
                await using FileStream stream = File.OpenRead(file);
                await stream.CopyToAsync(ssh.Input, 1 << 20, cancellation).ConfigureAwait(false);
            }
            await ssh.Input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ended without hearing us out; its end says why.
        }
        await ssh.Exited.WaitAsync(cancellation).ConfigureAwait(false);
        return await ssh.ResultAsync().ConfigureAwait(false);
    }
}
