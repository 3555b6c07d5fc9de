//! What the project needs of the machine beside Rust, Node, git and a C compiler, and how it gets there.
//!
//! On Debian and its kin what is missing is installed, and only that. Elsewhere it is named, each piece with what it is
//! for. Rust, Node and a C compiler are never installed: a person chooses how to get those.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::machine::{System, find_program};
use crate::progress::{note, read, run, step, succeeds};

/// The oldest Node that builds the interface.
const NODE_MAJOR: u32 = 20;

/// One thing that has to be on the machine.
struct Requirement {
    /// The package that brings it on Debian.
    package: &'static str,
    /// What it is for, in a few words.
    purpose: &'static str,
    /// How to see that it is there, whichever package brought it.
    proof: Proof,
}

/// What shows that a requirement is met.
enum Proof {
    /// A program on the path.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A file.
    File(&'static str),
    /// A command that succeeds.
    Succeeds(&'static [&'static str]),
}

/// What a command is about to do, and so what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// To build and run the terminal program.
    Terminal,
    /// To build and open the window.
    Window,
    /// To judge a PDF with programs of others.
    Judges,
    /// To drive the window without a person.
    DrivenWindow,
}

const TERMINAL: &[Requirement] = &[
    Requirement { package: "make", purpose: "builds the database's cipher", proof: Proof::Program("make") },
    Requirement {
        package: "perl",
        purpose: "sets up the build of the database's cipher",
        proof: Proof::Succeeds(&["perl", "-MIPC::Cmd", "-MFindBin", "-MFile::Compare", "-e", "1"]),
    },
];

const WINDOW: &[Requirement] = &[
    Requirement { package: "pkg-config", purpose: "finds the libraries of the window", proof: Proof::Program("pkg-config") },
    Requirement {
        package: "libwebkit2gtk-4.1-dev",
        purpose: "the web view that the window is drawn in",
        proof: Proof::Library("webkit2gtk-4.1"),
    },
    Requirement { package: "dbus", purpose: "the session's bus, to reach the keychain", proof: Proof::Program("dbus-daemon") },
    Requirement {
        package: "gnome-keyring",
        purpose: "a keychain, where the system has none",
        proof: Proof::File("/usr/share/dbus-1/services/org.freedesktop.secrets.service"),
    },
];

const JUDGES: &[Requirement] = &[
    Requirement { package: "qpdf", purpose: "judges the syntax of a PDF", proof: Proof::Program("qpdf") },
    Requirement { package: "poppler-utils", purpose: "reads, draws and verifies a PDF", proof: Proof::Program("pdfsig") },
    Requirement { package: "openssl", purpose: "reads and writes identities beside ours", proof: Proof::Program("openssl") },
    Requirement { package: "default-jdk-headless", purpose: "runs veraPDF", proof: Proof::Program("javac") },
    Requirement { package: "libjaxb-java", purpose: "veraPDF reads XML with it", proof: Proof::File("/usr/share/java/jaxb-runtime.jar") },
    Requirement {
        package: "libactivation-java",
        purpose: "veraPDF reads XML with it",
        proof: Proof::File("/usr/share/java/javax.activation.jar"),
    },
    Requirement {
        package: "python3-venv",
        purpose: "a place for pyHanko, which judges signatures",
        proof: Proof::Succeeds(&["python3", "-c", "import ensurepip, venv"]),
    },
];

const DRIVEN_WINDOW: &[Requirement] = &[
    Requirement { package: "strace", purpose: "watches that nothing calls the network", proof: Proof::Program("strace") },
    Requirement { package: "xvfb", purpose: "a display that nobody looks at", proof: Proof::Program("Xvfb") },
    Requirement { package: "webkit2gtk-driver", purpose: "drives the web view", proof: Proof::Program("WebKitWebDriver") },
    Requirement { package: "gnome-keyring", purpose: "a keychain for the tests", proof: Proof::Program("gnome-keyring-daemon") },
];

impl Need {
    fn requirements(self) -> &'static [Requirement] {
        match self {
            Self::Terminal => TERMINAL,
            Self::Window => WINDOW,
            Self::Judges => JUDGES,
            Self::DrivenWindow => DRIVEN_WINDOW,
        }
    }
}

/// Sees to it that the machine has what the needs ask for: installs it where that is known how, names it elsewhere.
pub(crate) fn ensure_requirements(needs: &[Need]) -> Result<()> {
    let system = System::current();
    ensure_toolchain(system, needs)?;
    match system {
        System::Debian => install_packages(&requirements_of(needs)),
        System::OtherLinux => name_missing(system, &requirements_of(needs)),
        System::MacOs | System::Windows | System::Other => {
            // The web view and the keychain are part of these systems, and nothing there drives the window.
            let judges: Vec<Need> = needs.iter().copied().filter(|need| matches!(need, Need::Terminal | Need::Judges)).collect();
            if needs.contains(&Need::DrivenWindow) {
                note("The tests of the window need WebKitWebDriver, which there is for Linux alone: they will fail here.");
            }
            name_missing(system, &requirements_of(&judges))
        }
    }
}

/// The requirements of several needs, each package once.
fn requirements_of(needs: &[Need]) -> Vec<&'static Requirement> {
    let mut seen = HashSet::new();
    needs.iter().flat_map(|need| need.requirements()).filter(|requirement| seen.insert(requirement.package)).collect()
}

/// Fails where what a person has to bring is not there: a C compiler, and Node for the window.
fn ensure_toolchain(system: System, needs: &[Need]) -> Result<()> {
    // On Windows, Rust itself cannot link without Microsoft's compiler, so that this program would not be running.
    if system != System::Windows && find_program("cc").is_none() {
        bail!("A C compiler is missing (no `cc` on the path). On Debian: apt-get install gcc libc6-dev");
    }
    if !needs.contains(&Need::Window) {
        return Ok(());
    }
    let version = read(Command::new("node").arg("--version")).unwrap_or_default();
    match node_major(&version) {
        Some(major) if major >= NODE_MAJOR => {}
        Some(_) => bail!("Node {NODE_MAJOR} or newer is needed to build the interface, and this is {}.", version.trim()),
        None => bail!("Node {NODE_MAJOR} or newer is needed to build the interface, and there is no `node` on the path."),
    }
    if find_program("npm").is_none() {
        bail!("npm is needed to build the interface, and there is no `npm` on the path; it comes with Node.");
    }
    Ok(())
}

/// The major version in what `node --version` prints: `v20.20.2` gives 20.
fn node_major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs with apt what dpkg does not list and no proof shows.
fn install_packages(requirements: &[&Requirement]) -> Result<()> {
    let installed = installed_packages(requirements);
    let missing: Vec<&str> = requirements
        .iter()
        .filter(|requirement| !installed.contains(requirement.package) && !requirement.proof.holds())
        .map(|requirement| requirement.package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    step(&format!("installing system packages: {list}"), || {
        let as_root = is_root();
        if !as_root && find_program("sudo").is_none() {
            bail!("This needs root, and there is no sudo. As root: apt-get install --no-install-recommends {list}");
        }
        let apt = |arguments: &[&str]| {
            let mut command = if as_root { Command::new("apt-get") } else { Command::new("sudo") };
            if !as_root {
                command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            }
            command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=300"]).args(arguments);
            // What apt prints is progress, not a result.
            command.stdout(std::io::stderr());
            run(&mut command)
        };
        apt(&["update", "-q"])?;
        let mut install = vec!["install", "-y", "-q", "--no-install-recommends"];
        install.extend(&missing);
        apt(&install)
    })
}

/// Which of the packages dpkg holds as installed.
fn installed_packages(requirements: &[&Requirement]) -> HashSet<String> {
    let mut command = Command::new("dpkg-query");
    command.args(["-W", "-f", "${db:Status-Status} ${Package}\\n"]);
    command.args(requirements.iter().map(|requirement| requirement.package));
    // It exits 1 where it does not know one of them, and still lists the others.
    let listed = command.output().map(|output| output.stdout).unwrap_or_default();
    parse_installed(&String::from_utf8_lossy(&listed))
}

/// The packages on lines such as `installed make`.
fn parse_installed(listed: &str) -> HashSet<String> {
    listed.lines().filter_map(|line| line.strip_prefix("installed ")).map(str::to_owned).collect()
}

/// Whether this process is root's, as `id` says.
fn is_root() -> bool {
    read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Fails with every requirement that is not met; says that the project was never run on this system.
fn name_missing(system: System, requirements: &[&Requirement]) -> Result<()> {
    note(&format!("The project was never run on {}; it was on Debian 12.", system.name()));
    let missing: Vec<&&Requirement> = requirements.iter().filter(|requirement| !requirement.proof.holds()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = missing
        .iter()
        .map(|requirement| {
            let (package, purpose) = (requirement.package, requirement.purpose);
            format!("  {}: {purpose} (on Debian the package {package})", requirement.proof.name())
        })
        .collect();
    bail!("Missing on this machine:\n{}", lines.join("\n"));
}

impl Proof {
    fn holds(&self) -> bool {
        match self {
            Self::Program(name) => find_program(name).is_some(),
            Self::Library(name) => succeeds(Command::new("pkg-config").args(["--exists", name])),
            Self::File(path) => Path::new(path).exists(),
            Self::Succeeds(words) => {
                let Some((program, arguments)) = words.split_first() else {
                    return false;
                };
                succeeds(Command::new(program).args(arguments))
            }
        }
    }

    /// What was looked for.
    fn name(&self) -> String {
        match self {
            Self::Program(name) => format!("the program `{name}`"),
            Self::Library(name) => format!("the library `{name}`"),
            Self::File(path) => format!("the file `{path}`"),
            Self::Succeeds(words) => format!("a `{}` that can do `{}`", words.first().unwrap_or(&""), words.join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Need, Proof, node_major, parse_installed, requirements_of};

    #[test]
    fn a_node_version_is_read_by_its_major_number() {
        fn check(version: &str, expected: Option<u32>) {
            assert_eq!(node_major(version), expected, "{version:?}");
        }
        check("v20.20.2\n", Some(20));
        check("v8.0.0", Some(8));
        check("", None);
        check("20.1.0", None);
    }

    #[test]
    fn a_package_that_was_removed_is_not_installed() {
        let listed = parse_installed("installed make\nconfig-files xvfb\nnot-installed qpdf\n");
        assert_eq!(listed.into_iter().collect::<Vec<_>>(), ["make"]);
    }

    #[test]
    fn a_package_that_two_needs_share_is_asked_for_once() {
        let packages: Vec<&str> =
            requirements_of(&[Need::Window, Need::DrivenWindow]).iter().map(|requirement| requirement.package).collect();
        assert_eq!(packages.iter().filter(|package| **package == "gnome-keyring").count(), 1);
    }

    #[test]
    fn a_proof_says_what_was_looked_for() {
        fn check(proof: &Proof, expected: &str) {
            assert!(!proof.holds());
            assert_eq!(proof.name(), expected);
        }
        check(&Proof::Program("no-such-program"), "the program `no-such-program`");
        check(&Proof::File("/no/such/file"), "the file `/no/such/file`");
        check(&Proof::Succeeds(&["no-such-program", "-V"]), "a `no-such-program` that can do `no-such-program -V`");
    }
}
