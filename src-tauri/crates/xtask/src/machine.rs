//! What kind of machine this is: its system, whether it has a display, which programs it has.

use std::path::{Path, PathBuf};

/// The systems that the commands tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    /// Debian or what is made of it: packages are installed.
    Debian,
    /// A Linux with other packages.
    OtherLinux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
    /// Anything else.
    Other,
}

impl System {
    /// The system that this program runs on.
    pub(crate) fn current() -> Self {
        match std::env::consts::OS {
            "linux" => {
                let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
                if is_debian(&release) { Self::Debian } else { Self::OtherLinux }
            }
            "macos" => Self::MacOs,
            "windows" => Self::Windows,
            _ => Self::Other,
        }
    }

    /// Its name in a message.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Debian => "Debian",
            Self::OtherLinux => "a Linux other than Debian and Ubuntu",
            Self::MacOs => "macOS",
            Self::Windows => "Windows",
            Self::Other => "this system",
        }
    }
}

/// Whether an `os-release` file names Debian, or a system made of it.
fn is_debian(release: &str) -> bool {
    release.lines().any(|line| {
        let value = line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE="));
        value.is_some_and(|value| value.trim_matches('"').split_whitespace().any(|id| id == "debian"))
    })
}

/// Whether a window can be opened: on Windows and macOS always, elsewhere where the environment names a display.
pub(crate) fn has_display() -> bool {
    let names_display = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match System::current() {
        System::Windows | System::MacOs => true,
        System::Debian | System::OtherLinux | System::Other => names_display("DISPLAY") || names_display("WAYLAND_DISPLAY"),
    }
}

/// The place of a program on the path.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    // npm's programs are command files on Windows.
    let names = if cfg!(windows) { vec![file, format!("{name}.cmd")] } else { vec![file] };
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>())
        .find(|place| is_program(place))
}

#[cfg(unix)]
fn is_program(place: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    place.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(place: &Path) -> bool {
    place.is_file()
}

#[cfg(test)]
mod tests {
    use super::is_debian;

    fn check(release: &str, expected: bool) {
        assert_eq!(is_debian(release), expected, "{release}");
    }

    #[test]
    fn debian_and_its_kin_are_known_by_their_release_file() {
        check("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n", true);
        check("ID=ubuntu\nID_LIKE=debian\n", true);
        check("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true);
        check("ID=fedora\n", false);
        check("ID=opensuse-tumbleweed\nID_LIKE=\"opensuse suse\"\n", false);
        check("", false);
    }
}
