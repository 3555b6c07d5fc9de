//! What depends on the platform: the kind of file system a folder is on, and what tells one file from another.
//!
//! Linux reads `/proc/self/mountinfo`. Elsewhere the kind is not known and no folder is refused.

use std::path::Path;

/// The kind of network file system that this path is on; none where it is on this computer, or where that is not
/// known.
#[cfg(target_os = "linux")]
pub(crate) fn network_kind(path: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let path = path.canonicalize().ok()?;
    network_mount(&mounts, &path)
}

/// The kind of network file system that this path is on: not known on this platform.
#[cfg(not(target_os = "linux"))]
pub(crate) fn network_kind(_path: &Path) -> Option<String> {
    None
}

/// What tells this file from every other on this computer, whatever its name; none where the platform does not say.
pub(crate) fn identity_of(path: &Path) -> std::io::Result<Option<(u64, u64)>> {
    let known = std::fs::metadata(path)?;
    #[cfg(unix)]
    return Ok(Some((std::os::unix::fs::MetadataExt::dev(&known), std::os::unix::fs::MetadataExt::ino(&known))));
    #[cfg(not(unix))]
    {
        drop(known);
        Ok(None)
    }
}

#[cfg(any(target_os = "linux", test))]
const NETWORK_KINDS: [&str; 20] = [
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "fuse.ceph",
    "fuse.curlftpfs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.gvfsd-fuse",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.smbnetfs",
    "fuse.sshfs",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// Finds the mount that an absolute path is on (proc(5), `/proc/pid/mountinfo`), and its kind if that is a network's.
#[cfg(any(target_os = "linux", test))]
fn network_mount(mounts: &str, path: &Path) -> Option<String> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        // 36 35 98:0 /root /mount/point options [optional …] - kind source options
        let Some((before, after)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (before.split(' ').nth(4), after.split(' ').next()) else { continue };
        let point = unescape(point);
        // A mount later in the list covers an earlier one at the same point.
        if path.starts_with(&point) && found.is_none_or(|(length, _)| point.len() >= length) {
            found = Some((point.len(), kind));
        }
    }
    found.map(|(_, kind)| kind).filter(|kind| NETWORK_KINDS.contains(kind)).map(str::to_owned)
}

/// A mount point's spaces, tabs, line ends and backslashes are written as three octal digits.
#[cfg(any(target_os = "linux", test))]
fn unescape(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_folder_is_known_by_its_mount() {
        let mounts = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
                      40 22 0:50 / /home/sam/team\\040share rw shared:1 - cifs //server/share rw\n\
                      41 22 0:51 / /srv rw - nfs4 server:/srv rw\n\
                      42 41 8:2 / /srv/local rw - ext4 /dev/sdb1 rw\n\
                      43 22 0:52 / /mnt rw - nfs server:/x rw\n\
                      44 22 0:53 / /mnt rw - tmpfs tmpfs rw\n";
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(network_mount(mounts, Path::new(path)).as_deref(), expected, "{path}");
        };
        check("/home/sam/.local/share", None);
        check("/home/sam/team share/dpia", Some("cifs"));
        check("/home/sam/team shared", None);
        check("/srv/dpia", Some("nfs4"));
        check("/srv/local/dpia", None);
        check("/mnt/dpia", None);
    }
}
