using System.Diagnostics;
using EdgeBench.Core.Runs;
using EdgeBench.Running.Journal;

namespace EdgeBench.Cli.Tests;

/// <summary>A run on a file system that really fills up: a small tmpfs, which only root may mount.</summary>
public class FullDiskTests
{
    [Fact]
    public async Task A_disk_that_fills_up_ends_the_run_with_5_and_keeps_what_was_measured()
    {
        CommandLine.RequireLlamaCpp();
        using CommandLine line = new();
        line.Write("bench.yaml", RunTests.Bench);
        string disk = line["disk"];
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Mount("-t", "tmpfs", "-o", "size=128k", "tmpfs", disk), "needs the right to mount a tmpfs");
        try
        {
            string[] run = ["run", "--no-report", "--out", Path.Combine(disk, "run"), "--set", "measure.sessions=10"];
            CommandResult full = await line.RunAsync(run);
            Assert.True(full.ExitCode == 5, full.Output + full.Error);
            Assert.Contains("free", full.Error);
            int kept = Trials(disk);
            Assert.InRange(kept, 1, 19);

            Assert.True(Mount("-o", "remount,size=16m", disk));
            CommandResult rest = await line.RunAsync(run);
            Assert.True(rest.ExitCode == 0, rest.Output + rest.Error);
            Assert.Contains($"20 trials, {kept} already measured", rest.Error);
            Assert.Equal(20, Trials(disk));
        }
        finally
        {
            using Process unmount = Process.Start("umount", ["-l", disk]);
            unmount.WaitForExit();
        }
    }

    private static int Trials(string disk)
    {
        StoredRun run = RunJournal.ReadOnly(Path.Combine(disk, "run", RunJournal.FileName));
        return run.Cells.Sum(cell => cell.Trials.Count);
    }

    private static bool Mount(params string[] arguments)
    {
        try
        {
            using Process mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
            mount.WaitForExit();
            return mount.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
