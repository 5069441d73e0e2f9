using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EdgeBench.Agent.Native;

/// <summary>The calls of Linux's C library that .NET has no name for. Constants are those of the kernel's headers, equal on x86-64 and Arm.</summary>
internal static partial class Libc
{
    public const int SignalKill = 9;

    private const int PrctlSetParentDeathSignal = 1;
    private const int DuplicateCloseOnExec = 1030;
    private const int ResourceCore = 4;
    private const int SystemCallPidfdOpen = 434;
    private const short PollIn = 1;
    private const int InterruptedCall = 4;

    /// <summary>Asks the kernel to kill this process when the thread that started it ends.</summary>
    public static void DieWithParent() => Check(Prctl(PrctlSetParentDeathSignal, SignalKill, 0, 0, 0), "prctl(PR_SET_PDEATHSIG)");

    /// <summary>Makes this process the leader of a process group of its own, if it is not (the leader of a session is, and may not ask for it).</summary>
    public static void LeadGroup()
    {
        if (GetProcessGroup(0) != Environment.ProcessId) Check(SetProcessGroup(0, 0), "setpgid");
    }

    /// <summary>Forbids core dumps: writing gigabytes of weights would look like a hang.</summary>
    public static void ForbidCoreDumps()
    {
        ResourceLimit none = default;
        Check(SetResourceLimit(ResourceCore, in none), "setrlimit(RLIMIT_CORE)");
    }

    /// <summary>Kills a process and, once it leads a group, everything in that group. Quiet where nothing is left.</summary>
    public static void KillGroup(int leader)
    {
        _ = Kill(-leader, SignalKill);
        _ = Kill(leader, SignalKill);
    }

    /// <summary>Kills what is left of the group of a process that has ended.</summary>
    public static void KillGroupRemains(int leader) => _ = Kill(-leader, SignalKill);

    public static int ParentProcess() => GetParentProcess();

    /// <summary>A copy of a file descriptor that no child inherits.</summary>
    public static int DuplicatePrivately(int descriptor)
    {
        int copy = Control(descriptor, DuplicateCloseOnExec, 3);
        Check(copy, "fcntl(F_DUPFD_CLOEXEC)");
        return copy;
    }

    /// <summary>Points one file descriptor at what another one is.</summary>
    public static void Redirect(int descriptor, int toWhat) => Check(Duplicate2(toWhat, descriptor), "dup2");

    /// <summary>Blocks until a process (not just one of its threads) has ended. False where the kernel has no pidfd (before Linux 5.3).</summary>
    public static bool WaitForEnd(int process)
    {
        int descriptor = (int)SystemCall(SystemCallPidfdOpen, process, 0);
        if (descriptor < 0) return false;
        PollDescriptor poll = new() { Descriptor = descriptor, Events = PollIn };
        while (Poll(ref poll, 1, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() != InterruptedCall) return false;
        }
        return true;
    }

    private static void Check(int result, string call)
    {
        if (result < 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetProcessGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "getpgid")]
    private static partial int GetProcessGroup(int process);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetResourceLimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentProcess();

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate2(int from, int to);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint process, nint flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public nuint Current;
        public nuint Maximum;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
